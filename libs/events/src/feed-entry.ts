import { type Static, Type } from 'typebox'
import type { OrderEvent } from './order-event.ts'

/**
 * An event under its number in the feed of its cafeteria. This is version 1 of the contract, which is the `/v1` of its
 * address: members are only ever added, and whatever would break a client gets another name.
 */
export const FeedEntry = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'Grows by one from event to event of a cafeteria' }),
    event: Type.Unsafe<OrderEvent>(Type.Ref('OrderEvent')),
  },
  { $id: 'FeedEntry' },
)
export type FeedEntry = Static<typeof FeedEntry>
