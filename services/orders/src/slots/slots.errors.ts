import { defineErrors } from '@comanda/errors'

/** The errors of slots, besides `slot_closed` and `slot_full`, which placing an order defines. */
export const slotErrors = defineErrors({
  slot_not_found: { status: 404, title: 'There is no such pick-up slot' },
})
