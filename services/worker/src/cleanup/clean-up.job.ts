import type { Database } from '@comanda/database'
import { sql } from 'kysely'
import type { Job } from '../jobs/job.ts'

const batchSize = 1000
const everySeconds = 600

/** Deletes old idempotency keys, sessions that have ended, and messages of providers. */
export function cleanUpJob({ database }: { database: Database }): Job {
  return {
    name: 'clean-up',
    everySeconds,
    async run() {
      const { rows } = await sql<{ deleted: number }>`select clean_up(${batchSize}) as deleted`.execute(
        database.primary,
      )
      return (rows[0]?.deleted ?? 0) >= batchSize
    },
  }
}
