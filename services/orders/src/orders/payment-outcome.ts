import { orderErrors } from './orders.errors.ts'

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
