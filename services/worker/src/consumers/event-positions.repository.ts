import type { Schema } from '@comanda/database'
import type { LoggedEvent } from '@comanda/events/log'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Consumer } from './consumer.ts'

/** Gives a consumer its position, unless it has one. With `from: 'now'`, it still reads the transactions that are open at that moment. */
export async function insertPosition(
  db: Kysely<Schema>,
  { name, from }: Pick<Consumer, 'name' | 'from'>,
): Promise<void> {
  await db
    .insertInto('eventPositions')
    .values({
      consumer: name,
      xid: from === 'beginning' ? '0' : sql<string>`pg_snapshot_xmin(pg_current_snapshot())`,
      eventId: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** An event and its position in the log. */
export interface ReadEvent {
  xid: string
  event: LoggedEvent
}

/**
 * Reads the next final events of a consumer, at most `limit`, and locks its position until the transaction ends. The list is empty when
 * the consumer has read them all, or when another worker holds the lock.
 */
export async function claimEvents(
  tx: Transaction<Schema>,
  consumer: string,
  limit: number,
): Promise<ReadEvent[]> {
  const { rows } = await sql<LoggedEvent & { xid: string }>`
    select xid, id, type, cafeteria_id, order_id, version, actor_id, actor_role, reason,
      request_id_of(request_id) as request_id, traceparent_of(request_id) as traceparent, data, at
    from claim_events(${consumer}, ${limit})`.execute(tx)
  return rows.map(({ xid, ...event }) => ({ xid, event }))
}

/** Records that a consumer has handled everything up to an event. */
export async function updatePosition(
  tx: Transaction<Schema>,
  consumer: string,
  { xid, event }: ReadEvent,
): Promise<void> {
  await tx
    .updateTable('eventPositions')
    .set({ xid, eventId: event.id, updatedAt: sql`now()` })
    .where('consumer', '=', consumer)
    .execute()
}

export interface ConsumerLag {
  consumer: string
  /** The age of the oldest event that it has not read; 0 when it has read all. */
  seconds: number
  /** How many it has not read, counted up to 10,000. */
  events: number
}

/**
 * Lists the lag of the named consumers. Events are counted for it, so to ask for a consumer that nobody runs any more would cost the most,
 * each time.
 */
export async function listConsumerLags(
  db: Kysely<Schema>,
  consumers: readonly string[],
): Promise<ConsumerLag[]> {
  const { rows } = await sql<ConsumerLag>`
    select p.consumer, lag.seconds, lag.events from event_positions p, consumer_lag(p) lag
    where p.consumer = any (${consumers})`.execute(db)
  return rows
}
