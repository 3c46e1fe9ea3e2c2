import { listOf, pageQuery, refTo } from '@comanda/service'
import { Instant, Nullable, Paragraph, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { CardToken, PaymentMethod } from '../orders/payment-method.ts'
import { PaymentStatus } from '../orders/payment-status.ts'

const Cents = Type.Integer({ minimum: 0, description: 'Minor units of `currency`' })

export const Payment = Type.Object(
  {
    id: Uuid,
    purpose: Type.Union([Type.Literal('order'), Type.Literal('top_up')]),
    orderId: Type.Union([Uuid, Type.Null()], { description: 'Null for a top-up' }),
    method: refTo(PaymentMethod),
    provider: Type.String({ description: 'Who moves the money, as in `wallet`' }),
    amountCents: Cents,
    currency: Type.String({ description: 'ISO 4217' }),
    status: refTo(PaymentStatus),
    refundedCents: Cents,
    declineCode: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was declined, as in `card_declined`',
    }),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { $id: 'Payment' },
)

export const paymentFields = Object.keys(Payment.properties) as (keyof Static<typeof Payment>)[]
export const PaymentList = listOf(refTo(Payment), 'PaymentList')

export const ListPayments = Type.Object(pageQuery(), { additionalProperties: false })
export type ListPayments = Static<typeof ListPayments>

export const PayOrder = Type.Object(
  {
    method: refTo(PaymentMethod),
    token: Type.Optional(CardToken),
  },
  {
    $id: 'PayOrder',
    additionalProperties: false,
    description: '`card` needs a `token`',
    if: { properties: { method: { const: 'card' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['token'] },
  },
)
export type PayOrder = Static<typeof PayOrder>

export const Refund = Type.Object(
  {
    id: Uuid,
    paymentId: Uuid,
    orderId: Uuid,
    amountCents: Cents,
    currency: Type.String({ description: 'ISO 4217' }),
    items: Nullable(
      Type.Array(Type.Object({ itemId: Uuid, quantity: Type.Integer({ minimum: 1 }), amountCents: Cents }), {
        description: 'The lines that were given back; null for a refund by amount',
      }),
    ),
    reason: Type.String(),
    status: Type.Union([Type.Literal('pending'), Type.Literal('succeeded'), Type.Literal('failed')], {
      description: 'To a wallet it succeeds at once; to a card it is pending until the provider has done it',
    }),
    createdAt: Instant,
  },
  { $id: 'Refund' },
)
export type Refund = Static<typeof Refund>

const RefundItem = Type.Object(
  { itemId: Uuid, quantity: Type.Integer({ minimum: 1, maximum: 99 }) },
  { additionalProperties: false },
)

export const RequestRefund = Type.Object(
  {
    amountCents: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'At most what is left; all of it when neither this nor `items` is given',
      }),
    ),
    items: Type.Optional(
      Type.Array(RefundItem, {
        minItems: 1,
        maxItems: 50,
        description: 'Instead of an amount: lines of the order, and how many pieces of each',
      }),
    ),
    reason: Paragraph(500),
  },
  { $id: 'RequestRefund', additionalProperties: false },
)
export type RequestRefund = Static<typeof RequestRefund>

export const PaymentOrderParams = Type.Object({ orderId: Uuid }, { additionalProperties: false })
export const PaymentParams = Type.Object({ paymentId: Uuid }, { additionalProperties: false })

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Makes repeating the call safe: the same key and body get the first answer',
    }),
  ),
})

export const paymentSchemas = [Payment, PaymentList, PayOrder, Refund, RequestRefund]
