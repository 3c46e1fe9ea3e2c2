import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { OrderEvent } from '../order-event.ts'
import type { LiveOrder, OrderMessage } from '../order-message.ts'

/** A message, and what a gateway must know to deliver it but clients need not. */
export interface RelayedOrder {
  /** Whose order it is. */
  userId: string
  message: OrderMessage
}

/** Some events by their id, or what came after a number of one feed. */
export type FeedSlice =
  | { eventIds: readonly number[] }
  | { cafeteriaId: string; after: number; limit: number }

/** Numbered events with their orders as they are now, in the order of their feed, in one statement. */
export async function listRelayedOrders(db: Kysely<Schema>, slice: FeedSlice): Promise<RelayedOrder[]> {
  const messages = db
    .selectFrom('feed as f')
    .innerJoin('orderEvents as e', 'e.id', 'f.eventId')
    .innerJoin('orders as o', 'o.id', 'e.orderId')
    .select((eb) => [
      'f.seq',
      'f.cafeteriaId',
      'o.userId',
      jsonBuildObject({
        orderId: eb.ref('e.orderId'),
        version: eb.ref('e.version'),
        type: eb.ref('e.type'),
        actorRole: eb.ref('e.actorRole'),
        reason: eb.ref('e.reason'),
        at: eb.ref('e.at'),
      })
        .$castTo<OrderEvent>()
        .as('event'),
      jsonBuildObject({
        id: eb.ref('o.id'),
        status: eb.ref('o.status'),
        version: eb.ref('o.version'),
        cafeteriaId: eb.ref('o.cafeteriaId'),
        pickupAt: eb.ref('o.pickupAt'),
        promisedAt: eb.ref('o.promisedAt'),
        reason: eb.ref('o.reason'),
        deadlineAt: eb.ref('o.deadlineAt'),
        updatedAt: eb.ref('o.updatedAt'),
      })
        .$castTo<LiveOrder>()
        .as('order'),
    ])
    .orderBy('f.cafeteriaId')
    .orderBy('f.seq')
  const rows = await ('eventIds' in slice
    ? messages.where('f.eventId', 'in', slice.eventIds).execute()
    : messages
        .where('f.cafeteriaId', '=', slice.cafeteriaId)
        .where('f.seq', '>', slice.after)
        .limit(slice.limit)
        .execute())
  return rows.map(({ userId, seq, cafeteriaId, event, order }) => ({
    userId,
    message: { seq, cafeteriaId, event, order },
  }))
}
