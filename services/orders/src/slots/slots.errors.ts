import { defineErrors } from '@comanda/errors'

/** `slot_closed` and `slot_full` are those of placing an order. */
export const slotErrors = defineErrors({
  slot_not_found: { status: 404, title: 'There is no such pick-up slot' },
})
