import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** An event that has got its number in the feed of its cafeteria. */
export interface SequencedEvent {
  cafeteriaId: string
  seq: number
  eventId: number
}

/**
 * Gives the next events their numbers, about `limit` at most, in one statement and transaction. None: all final ones have
 * theirs, or another worker is at it.
 */
export async function sequenceEvents(db: Kysely<Schema>, limit: number): Promise<SequencedEvent[]> {
  const { rows } = await sql<SequencedEvent>`select * from sequence_events(${limit})`.execute(db)
  return rows
}

/** Deletes the oldest entries of one feed, at most `limit`, whose events are older. How many; 0: there are none. */
export async function pruneFeed(db: Kysely<Schema>, days: number, limit: number): Promise<number> {
  const { rows } = await sql<{ pruned: number }>`
    select prune_feed(make_interval(secs => ${days * 86_400}), ${limit}) as pruned`.execute(db)
  return (rows[0] as { pruned: number }).pruned
}

/** Seconds since the first event happened that has no number yet; 0 when all have one. */
export async function getFeedLag(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`select feed_lag_seconds() as seconds`.execute(db)
  return (rows[0] as { seconds: number }).seconds
}
