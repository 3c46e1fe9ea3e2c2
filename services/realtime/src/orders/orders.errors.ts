import { defineErrors } from '@comanda/errors'

/** Clients get the codes that the REST API answers in these cases. */
export const orderErrors = defineErrors({
  order_not_found: { status: 404, title: 'Order not found' },
  feed_expired: { status: 410, title: 'What came after this number is not kept any more' },
})
