import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { rollupsConsumer } from '#src/rollups/rollups.consumer.ts'
import { rollUp } from '#src/rollups/rollups.repository.ts'
import { until } from '../worker-process.ts'

/** The consumer, which publishes nothing. */
export const consumer = rollupsConsumer({ dashboards: { changed() {} } })

/** Rolls up until nothing is left, by batches of `limit`. Other tests of this machine hold up what is final, so it may take some tries. */
export async function rollUpAll(db: Kysely<Schema>, limit = 500): Promise<void> {
  await until(async () => {
    while ((await rollUp(db, limit)).events > 0) {}
    const { rows } = await sql<{ events: number }>`
      select lag.events from event_positions p, consumer_lag(p) lag where p.consumer = 'rollups'`.execute(db)
    return rows[0]?.events === 0
  })
}
