import type { Database } from '@comanda/database'
import { sql } from 'kysely'
import type { Job } from '../jobs/job.ts'

const hour = 3600

/** Keeps the pick-up slots of the next days open, as each cafeteria's hours say. */
export function openSlotsJob({ database, days }: { database: Database; days: number }): Job {
  return {
    name: 'open-slots',
    everySeconds: hour,
    async run(signal) {
      const cafeterias = await database.primary
        .selectFrom('cafeterias')
        .select('id')
        .where('deletedAt', 'is', null)
        .execute()
      for (const { id } of cafeterias) {
        if (signal.aborted) break
        await sql`select refresh_slots(${id}, ${days})`.execute(database.primary)
      }
      return false
    },
  }
}
