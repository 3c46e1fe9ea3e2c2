import { orderStatuses, type OrderStatus as Status } from '@comanda/ordering'
import { refTo } from '@comanda/service'
import { Instant, Nullable, OneOf, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { PaymentMethod } from './payment-method.ts'
import { PaymentStatus } from './payment-status.ts'

const Cents = Type.Integer({ minimum: 0, description: 'Minor units of `currency`' })

export const OrderStatus = Type.Unsafe<Status>({ ...OneOf(orderStatuses), $id: 'OrderStatus' })

export const OrderItem = Type.Object(
  {
    id: Uuid,
    productId: Uuid,
    name: Type.String({ description: 'As it was when the order was placed' }),
    quantity: Type.Integer({ minimum: 1 }),
    unitPriceCents: Type.Integer({ minimum: 0, description: 'With its modifiers' }),
    modifiers: Type.Array(
      Type.Object({ modifierId: Uuid, name: Type.String(), priceDeltaCents: Type.Integer() }),
      { description: 'What was chosen, as it was when the order was placed' },
    ),
    note: Nullable(Type.String({ description: 'What the customer wrote for the kitchen' })),
  },
  { $id: 'OrderItem' },
)

export const OrderPayment = Type.Object(
  {
    id: Uuid,
    provider: Type.String(),
    status: refTo(PaymentStatus),
    amountCents: Cents,
    refundedCents: Cents,
    declineCode: Nullable(Type.String({ description: 'Why it was declined' })),
  },
  { $id: 'OrderPayment' },
)

export const PickupCode = Type.String({
  description: 'Four characters that prove whose order it is; only its customer sees them',
})

export const Order = Type.Object(
  {
    id: Uuid,
    number: Type.Integer({
      minimum: 1,
      description:
        'A few digits by which everybody calls the order; unique per cafeteria and day of pick-up. It proves nothing',
    }),
    status: refTo(OrderStatus),
    version: Type.Integer({ minimum: 1, description: 'Grows by one with every move; also the `ETag`' }),
    cafeteriaId: Uuid,
    userId: Uuid,
    slotId: Uuid,
    items: Type.Array(refTo(OrderItem)),
    totalCents: Cents,
    currency: Type.String({ description: 'ISO 4217' }),
    paymentMethod: refTo(PaymentMethod),
    payment: Type.Union([refTo(OrderPayment), Type.Null()], {
      description: 'The latest attempt to pay',
    }),
    pickupAt: Instant,
    pickupUntil: Type.String({ format: 'date-time', description: 'The end of the pick-up window' }),
    promisedAt: Type.String({ format: 'date-time', description: 'When it will be ready' }),
    pickupCode: Nullable({
      ...PickupCode,
      description: 'Four characters that prove whose order it is; null for everybody but its customer',
    }),
    qrPayload: Nullable(
      Type.String({
        description:
          'What a QR code says to collect the order: `comanda:collect:`, its id, `:`, its pick-up code; null for everybody but its customer',
      }),
    ),
    reason: Nullable(Type.String({ description: 'Why it was rejected or cancelled' })),
    deadlineAt: Nullable(
      Type.String({
        format: 'date-time',
        description: 'When it expires, is rejected or counts as uncollected by itself',
      }),
    ),
    createdAt: Instant,
    updatedAt: Instant,
    placedAt: Nullable(Instant),
    acceptedAt: Nullable(Instant),
    startedAt: Nullable(Instant),
    readyAt: Nullable(Instant),
    closedAt: Nullable(Instant),
  },
  { $id: 'Order' },
)
export type Order = Static<typeof Order>

export const orderFields = Object.keys(Order.properties) as (keyof Order)[]

export const OrderParams = Type.Object({ orderId: Uuid }, { additionalProperties: false })
