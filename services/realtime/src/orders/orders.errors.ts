import { defineErrors } from '@comanda/errors'

/** The same codes as over REST. */
export const orderErrors = defineErrors({
  order_not_found: { status: 404, title: 'Order not found' },
  cafeteria_not_found: { status: 404, title: 'Cafeteria not found' },
})
