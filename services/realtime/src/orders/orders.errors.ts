import { defineErrors } from '@comanda/errors'

/** The same codes as over REST. */
export const orderErrors = defineErrors({
  order_not_found: { status: 404, title: 'Order not found' },
  feed_expired: { status: 410, title: 'What came after this number is not kept any more' },
})
