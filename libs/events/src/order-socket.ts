import { type Static, Type } from 'typebox'
import type { FeedNewest, LiveOrder, OrderMessage } from './order-message.ts'

/** The namespace of sockets that follow orders. */
export const ordersNamespace = '/orders'

export const OrderSubscription = Type.Object(
  { orderId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type OrderSubscription = Static<typeof OrderSubscription>

export const FeedSubscription = Type.Object(
  {
    cafeteriaId: Type.String({ format: 'uuid' }),
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'The last number that is known: what came after it is in the acknowledgement, or `feed_expired` when it is not kept any more',
      }),
    ),
  },
  { additionalProperties: false },
)
export type FeedSubscription = Static<typeof FeedSubscription>

export const FeedUnsubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)

/** A refused request. `code` is stable snake_case, the same as over REST where REST has the same refusal. */
export type Refused = {
  ok: false
  code: string
  /** The oldest number of the feed that is kept, after `feed_expired`: subscribe without `after` and read the orders again. */
  oldest?: number
  /** What is wrong with the message, after `validation_failed`. */
  errors?: { field: string; message: string }[]
}
export type Acknowledge<Answer extends object = object> = (answer: ({ ok: true } & Answer) | Refused) => void

export interface OrderSubscribed {
  /** The newest number of the feed of the order's cafeteria when the order was read. */
  seq: number
  order: LiveOrder
}

export interface FeedSubscribed {
  /** The newest number of the feed when `missed` was read. */
  seq: number
  /** What came after `after`, in order and without gaps: the first hundred. Empty when `after` was not given. */
  missed: OrderMessage[]
}

/** The events that a client may send. Each is acknowledged. */
export interface OrderClientEvents {
  'order:subscribe': (wish: OrderSubscription, acknowledge: Acknowledge<OrderSubscribed>) => void
  'order:unsubscribe': (wish: OrderSubscription, acknowledge: Acknowledge) => void
  'order:subscribe_live_feed': (wish: FeedSubscription, acknowledge: Acknowledge<FeedSubscribed>) => void
  'order:unsubscribe_live_feed': (wish: { cafeteriaId: string }, acknowledge: Acknowledge) => void
}

/** The events that every namespace may send. */
export interface ClosingServerEvents {
  /**
   * The server is about to disconnect this socket: `access_token_expired`, `session_revoked` (the user logged out, or a role
   * was taken away: connecting again is of no use), `rate_limited` or `draining`.
   */
  'connection:closing': (reason: { code: string }) => void
}

/**
 * The events that a client receives. A socket gets every event of its user's own orders from `connect` on, without a
 * subscription, and every event of what it subscribed to from the acknowledgement on: at least once, and within seconds even
 * when Redis or a worker failed meanwhile. What happened before a subscription is in its acknowledgement; what happened
 * before `connect` is read over REST. Nothing is kept for a socket that is gone. Events of an order may arrive out of order,
 * so the highest version counts.
 */
export interface OrderServerEvents extends ClosingServerEvents {
  'order:created': (message: OrderMessage) => void
  'order:updated': (message: OrderMessage) => void
  'feed:newest': (newest: FeedNewest) => void
}
