import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { OrderEvent } from '../order-event.ts'
import type { LiveOrder, OrderMessage } from '../order-message.ts'

/** A message, and what a gateway must know to deliver it but clients need not. */
export interface RelayedOrder {
  /** Whose order it is. */
  userId: string
  message: OrderMessage
  /** What leads on the trace in which it happened; left out when that is not traced. */
  traceparent?: string
}

/** The entries of one feed after a number, at most `limit` of them. */
export interface FeedSlice {
  cafeteriaId: string
  after: number
  limit: number
}

/** Reads numbered events with their orders as they are now, by number, in one statement. */
export async function listRelayedOrders(
  db: Kysely<Schema>,
  { cafeteriaId, after, limit }: FeedSlice,
): Promise<RelayedOrder[]> {
  const rows = await db
    .selectFrom('relayedOrders')
    .select(['userId', 'seq', 'cafeteriaId', 'event', 'order', 'traceparent'])
    .where('cafeteriaId', '=', cafeteriaId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ userId, seq, event, order, traceparent }) => ({
    userId,
    message: { seq, cafeteriaId, event: event as OrderEvent, order: order as LiveOrder },
    ...(traceparent !== null && { traceparent }),
  }))
}

/**
 * Gives the next events their numbers, about `limit` at most, in one statement and transaction. Returns how many were
 * numbered, and what is to be published to the gateways. 0 means that all final events have numbers, or that another worker
 * holds the lock.
 */
export async function relayEvents(
  db: Kysely<Schema>,
  limit: number,
): Promise<{ numbered: number; relayed: RelayedOrder[] }> {
  const { rows } = await sql<{ numbered: number; relayed: RelayedOrder[] }>`
    select * from relay_events(${limit})`.execute(db)
  return rows[0] as { numbered: number; relayed: RelayedOrder[] }
}
