import { defineErrors } from '@comanda/errors'

export const paymentErrors = defineErrors({
  payment_not_found: { status: 404, title: 'There is no such payment' },
  order_already_paid: { status: 409, title: 'The order is paid' },
  order_not_payable: { status: 409, title: 'The order no longer waits for payment' },
  payment_in_progress: { status: 409, title: 'Another payment of the order has no outcome yet' },
  payment_not_refundable: { status: 409, title: 'The payment was not taken, so there is nothing to refund' },
  refund_exceeds_payment: { status: 409, title: 'Less than that is left of the payment' },
  refund_exceeds_line: { status: 409, title: 'Fewer pieces of the line are left to refund' },
  refund_amounts_to_nothing: {
    status: 422,
    title: 'These lines cost nothing, so there is nothing to refund',
  },
  order_item_unknown: { status: 422, title: 'The order of this payment has no such line' },
  refund_ambiguous: { status: 400, title: 'A refund is by amount or by line, not both' },
})
