import { type Static, Type } from 'typebox'
import { appended, Cents, Currency, Exactly, Nullable, Uuid } from './appended-event.ts'

const paid = {
  paymentId: Uuid,
  userId: Type.String({ format: 'uuid', description: 'Whose payment it is' }),
  method: Type.Union([Type.Literal('wallet'), Type.Literal('card')]),
  provider: Type.String(),
  amountCents: Cents,
  currency: Currency,
}

/** What an event of a payment holds in `data`; `amountCents` is the whole payment. */
export const PaymentFacts = Exactly({
  ...paid,
  purpose: Type.Union([Type.Literal('order'), Type.Literal('top_up')]),
  declineCode: Nullable(Type.String({ description: 'Why the issuer declined it' })),
})

/** What an event of a refund holds in `data`; `amountCents` is what is given back. */
export const RefundFacts = Exactly({ ...paid, refundId: Uuid })

/** The cafeteria and order of a top-up are null. */
const paymentEvent = <T extends string>(type: T) =>
  Exactly({
    ...appended,
    type: Type.Literal(type),
    cafeteriaId: Nullable(Uuid),
    orderId: Nullable(Uuid),
    version: Type.Null(),
    data: PaymentFacts,
  })

const refundEvent = <T extends string>(type: T) =>
  Exactly({
    ...appended,
    type: Type.Literal(type),
    cafeteriaId: Uuid,
    orderId: Uuid,
    version: Type.Null(),
    data: RefundFacts,
  })

/**
 * What becomes of payments by card, and of the refunds of any payment. A payment that was authorised too late for its order is
 * authorised, and then voided. Failed: nothing was charged and never will be, through no fault of the customer’s.
 */
export const moneyEvents = [
  paymentEvent('payment.authorized'),
  paymentEvent('payment.declined'),
  paymentEvent('payment.failed'),
  paymentEvent('payment.captured'),
  paymentEvent('payment.voided'),
  // A captured top-up has this type instead of `payment.captured`.
  paymentEvent('wallet.topped_up'),
  // Only a refund to a card is requested, from its provider; one to a wallet succeeds at once.
  refundEvent('refund.requested'),
  refundEvent('refund.succeeded'),
  refundEvent('refund.failed'),
] as const
export type MoneyEvent = Static<(typeof moneyEvents)[number]>
