import { setTimeout as sleep } from 'node:timers/promises'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Rolls up until nothing is left. Other tests of this machine hold up what is final, so it may take some tries. */
export async function rollUpAll(db: Kysely<Schema>): Promise<void> {
  await sql`insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0) on conflict do nothing`.execute(
    db,
  )
  while (true) {
    await sql`select roll_up(500)`.execute(db)
    const { rows } = await sql<{ events: number }>`
      select lag.events from event_positions p, consumer_lag(p) lag where p.consumer = 'rollups'`.execute(db)
    if (rows[0]?.events === 0) return
    await sleep(20)
  }
}
