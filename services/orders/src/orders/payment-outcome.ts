import type { OrderAnswer } from './order-payload.ts'
import { orderErrors } from './orders.errors.ts'
import type { Order } from './orders.schema.ts'

interface PaymentAttempt {
  id: string
  status: string
  declineCode: string | null
}

/**
 * Checks that an attempt to pay succeeded or still may.
 * @throws AppError payment_declined (402): the issuer's no; payment_provider_unavailable (503): nothing was charged
 */
export function requirePayment(payment: PaymentAttempt | null, extra: Record<string, unknown> = {}): void {
  if (payment?.status === 'declined') {
    throw orderErrors.payment_declined(undefined, {
      extra: { ...extra, paymentId: payment.id, declineCode: payment.declineCode },
    })
  }
  if (payment?.status === 'failed') {
    throw orderErrors.payment_provider_unavailable(undefined, {
      extra: { ...extra, paymentId: payment.id },
      retryAfterSeconds: 5,
    })
  }
}

/**
 * The answer of an attempt to pay an order, from the order as it is afterwards or as the database wrote it in JSON.
 * @throws AppError order_expired (409): the card was authorised too late, and is let go; and as requirePayment does
 */
export function paidAnswer(answer: Order | string): OrderAnswer {
  const order = typeof answer === 'string' ? (JSON.parse(answer) as Order) : answer
  if (order.status === 'expired') throw orderErrors.order_expired(undefined, { extra: { orderId: order.id } })
  requirePayment(order.payment, { orderId: order.id, payableUntil: order.deadlineAt })
  return typeof answer === 'string' ? { order, json: answer } : { order }
}
