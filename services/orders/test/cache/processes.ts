import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { startTestApp, type TestApp } from '../app.ts'
import { addCampus } from '../builders.ts'

/** Polls until something has happened; the test's own time-out bounds it. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(5)
}

/**
 * Starts three instances of the API over one database, and a campus: two with connections and a cache of their own each, and one that
 * caches nothing. They run in one process, but share nothing that separate processes would not share.
 */
export async function startProcesses(t: Test) {
  const here = await startTestApp(t)
  const { DATABASE_URL } = here.config
  const there = await startTestApp(t, { DATABASE_URL })
  const uncached = await startTestApp(t, { DATABASE_URL, CACHE: 'off' })
  const db = here.database.primary
  const campus = await addCampus(db)
  await db.updateTable('pickupSlots').set({ capacityOrders: 1000 }).execute()
  await db.updateTable('accounts').set({ balanceCents: 10_000_000 }).where('kind', '=', 'wallet').execute()
  const { as } = here
  /** Waits until changes in other instances are noticed. */
  const coherent = async ({ call }: TestApp) => {
    const stats = await call({ url: '/v1/admin/cache', headers: as(campus.admin.caller) })
    return stats.body.coherent === true
  }
  await until(async () => (await coherent(here)) && (await coherent(there)))
  return { here, there, uncached, db, campus, as }
}
