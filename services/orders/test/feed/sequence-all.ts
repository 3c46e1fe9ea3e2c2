import { setTimeout as wait } from 'node:timers/promises'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/**
 * Numbers every event so far, as the worker does. An open transaction anywhere on the server, also of another test, can hold some up
 * for a moment.
 */
export async function sequenceAll(db: Kysely<Schema>): Promise<void> {
  for (;;) {
    await sql`select sequence_events(1000)`.execute(db)
    const { rows } = await sql<{ lag: number }>`select feed_lag_seconds() as lag`.execute(db)
    if (rows[0]?.lag === 0) return
    await wait(5)
  }
}
