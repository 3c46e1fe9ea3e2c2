import { orderStatuses, type OrderStatus as Status } from '@comanda/database'
import { OrderEvent, OrderEventType } from '@comanda/events'
import { ListQuery, listOf, refTo } from '@comanda/service'
import { type Static, Type } from 'typebox'
import { PaymentStatus } from '../payments/payment-status.ts'
import { Instant, Nullable, Uuid } from '../values/values.schema.ts'

const Cents = Type.Integer({ minimum: 0, description: 'Minor units of `currency`' })

export const OrderStatus = Type.Unsafe<Status>(
  Type.Union(
    orderStatuses.map((status) => Type.Literal(status)),
    { $id: 'OrderStatus' },
  ),
)

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
    note: Nullable(Type.String({ description: 'Of the customer, for the kitchen' })),
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

export const Order = Type.Object(
  {
    id: Uuid,
    status: refTo(OrderStatus),
    version: Type.Integer({ minimum: 1, description: 'Grows by one with every move; also the `ETag`' }),
    cafeteriaId: Uuid,
    userId: Uuid,
    slotId: Uuid,
    items: Type.Array(refTo(OrderItem)),
    totalCents: Cents,
    currency: Type.String({ description: 'ISO 4217' }),
    paymentMethod: Type.Union([Type.Literal('wallet'), Type.Literal('card')]),
    payment: Type.Union([refTo(OrderPayment), Type.Null()], {
      description: 'The latest attempt to pay',
    }),
    pickupAt: Instant,
    pickupUntil: Type.String({ format: 'date-time', description: 'The end of the pick-up window' }),
    promisedAt: Type.String({ format: 'date-time', description: 'When it will be ready' }),
    pickupCode: Type.String({ description: 'Four characters, unique per cafeteria and day' }),
    qrPayload: Type.String({ description: 'What the QR code of the pick-up code says' }),
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

/** It can be placed on the demo campus. */
const example = {
  cafeteriaId: '01900000-0001-7000-8000-000000000001',
  items: [
    { productId: '01900000-0004-7000-8000-000000000001', quantity: 2, note: 'Sin cebolla' },
    { productId: '01900000-0004-7000-8000-000000000002', quantity: 1 },
  ],
  pickup: 'asap',
  payment: { method: 'card', token: 'tok_ok' },
}

export const PlaceOrder = Type.Object(
  {
    cafeteriaId: Uuid,
    items: Type.Array(
      Type.Object(
        {
          productId: Uuid,
          quantity: Type.Integer({ minimum: 1, maximum: 99 }),
          modifierIds: Type.Optional(
            Type.Array(Uuid, {
              maxItems: 20,
              uniqueItems: true,
              description: 'Of the modifier groups that the product offers, within their limits',
            }),
          ),
          note: Type.Optional(Type.String({ maxLength: 200, description: 'For the kitchen' })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
    slotId: Type.Optional({ ...Uuid, description: 'A pick-up slot of the cafeteria' }),
    pickup: Type.Optional(
      Type.Literal('asap', { description: 'The first slot with room, instead of a `slotId`' }),
    ),
    payment: Type.Object(
      {
        method: Type.Union([Type.Literal('wallet'), Type.Literal('card')]),
        token: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 200,
            description: 'The card, as the provider tokenised it; needed for `card`',
          }),
        ),
      },
      {
        additionalProperties: false,
        if: { properties: { method: { const: 'card' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ['token'] },
      },
    ),
    expectedTotalCents: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'What the customer was shown; any other total is refused with `price_changed`',
      }),
    ),
  },
  {
    $id: 'PlaceOrder',
    additionalProperties: false,
    description: 'Either with a `slotId` or with `pickup`',
    examples: [example],
    oneOf: [{ required: ['slotId'] }, { required: ['pickup'] }],
  },
)
export type PlaceOrder = Static<typeof PlaceOrder>

export const OrderParams = Type.Object({ orderId: Uuid }, { additionalProperties: false })

export const PlaceOrderHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Makes repeating the call safe: the same key and body get the first answer',
    }),
  ),
})

export const MoveHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      pattern: '^(\\*|(W/)?"\\d{1,9}")$',
      description: 'The `ETag` of the order as you know it',
    }),
  ),
})

export const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
export const RejectOrder = Type.Object(
  { reason: Reason },
  { $id: 'RejectOrder', additionalProperties: false },
)
export const CancelOrder = Type.Object(
  { reason: Type.Optional(Reason) },
  { $id: 'CancelOrder', additionalProperties: false, description: 'Staff must give a reason' },
)
export const CollectOrder = Type.Object(
  {
    pickupCode: Type.String({
      pattern: '^[0-9A-Za-z]{4}$',
      description: 'What the customer shows, in any case',
    }),
  },
  { $id: 'CollectOrder', additionalProperties: false },
)

export const ListOrders = Type.Object(
  {
    status: Type.Optional(
      Type.String({
        pattern: `^(${orderStatuses.join('|')})(,(${orderStatuses.join('|')}))*$`,
        description: 'One or more statuses, comma-separated',
      }),
    ),
    cafeteriaId: Type.Optional(Uuid),
    mine: Type.Optional(
      Type.Boolean({ description: 'For staff: their own orders instead of those of where they work' }),
    ),
    ...ListQuery,
  },
  { additionalProperties: false },
)
export type ListOrders = Static<typeof ListOrders>

/** All of an order or, with `fields`, some of it. */
export const OrderSummary = Type.Object(Type.Partial(Order).properties, { $id: 'OrderSummary' })
export const OrderList = listOf(refTo(OrderSummary))

export const ListOrderEvents = Type.Object(
  { after: Type.Integer({ minimum: 0, default: 0, description: 'The last version that is known' }) },
  { additionalProperties: false },
)
export const OrderEventList = Type.Object(
  { data: Type.Array(refTo(OrderEvent), { maxItems: 100 }) },
  { $id: 'OrderEventList' },
)

export const orderSchemas = [
  OrderStatus,
  PaymentStatus,
  OrderItem,
  OrderPayment,
  Order,
  OrderSummary,
  PlaceOrder,
  RejectOrder,
  CancelOrder,
  CollectOrder,
  OrderEventType,
  OrderEvent,
  OrderEventList,
]
