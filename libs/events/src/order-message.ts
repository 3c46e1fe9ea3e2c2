import type { OrderStatus } from '@comanda/ordering'
import { type Static, Type } from 'typebox'
import type { OrderEvent } from './order-event.ts'

const Instant = Type.String({ format: 'date-time' })
const Nullable = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])

/** What a screen shows of an order while it changes; everything else never changes and is read over REST. */
export const LiveOrder = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    number: Type.Integer({
      minimum: 1,
      description: 'What the order is called; unique per cafeteria and day of pick-up',
    }),
    status: Type.Unsafe<OrderStatus>(Type.Ref('OrderStatus')),
    version: Type.Integer({
      minimum: 1,
      description: 'The state with the highest version is the newest, in whatever order messages come',
    }),
    cafeteriaId: Type.String({ format: 'uuid' }),
    pickupAt: Instant,
    promisedAt: Instant,
    reason: Nullable(Type.String({ description: 'Why it was rejected or cancelled' })),
    deadlineAt: Nullable(Instant),
    updatedAt: Instant,
  },
  { $id: 'LiveOrder' },
)
export type LiveOrder = Static<typeof LiveOrder>

/** An event of an order as sockets carry it. `order` may be newer than `event`, never older. */
export const OrderMessage = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'Its number in the feed of its cafeteria' }),
    cafeteriaId: Type.String({ format: 'uuid' }),
    event: Type.Unsafe<OrderEvent>(Type.Ref('OrderEvent')),
    order: Type.Unsafe<LiveOrder>(Type.Ref('LiveOrder')),
  },
  { $id: 'OrderMessage' },
)
export type OrderMessage = Static<typeof OrderMessage>

/** The newest number of a feed, sent every few seconds unless the feed is empty: a client with a lower one has missed something. */
export const FeedNewest = Type.Object(
  {
    cafeteriaId: Type.String({ format: 'uuid' }),
    seq: Type.Integer({ minimum: 1 }),
  },
  { $id: 'FeedNewest' },
)
export type FeedNewest = Static<typeof FeedNewest>
