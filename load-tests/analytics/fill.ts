import type { Schema } from '@comanda/database'
import type { Stack } from '@comanda/local-stack'
import { seedCampus, seedHistory, seedLaterHistory } from '@comanda/seed'
import { type Kysely, sql } from 'kysely'
import { measureBytes } from './bytes.ts'
import { type RollUpCosts, rollUpAll } from './roll-up.ts'
import type { Settings } from './settings.ts'
import { createStatementCosts } from './statement-costs.ts'

export interface Filled {
  ordersPerSecond: number
  rollUp: RollUpCosts
  /** Bytes per order, tables with their indexes. */
  bytes: Record<string, number>
}

const day = 86_400_000
export const recentDays = 28
const ordersPerDay = 3000

/** How long the history before the last weeks is: the more there is of it, the longer ago it began. */
function historyDays(orders: number): number {
  return Math.max(recentDays, Math.ceil(orders / ordersPerDay))
}

/**
 * Seeds an empty stack, rolls up the log and fills the feed of the last weeks, in the order in which it would have happened. What
 * is asked for afterwards is of these weeks, which are the same however much was before.
 */
export async function fill(
  stack: Stack,
  db: Kysely<Schema>,
  orders: number,
  { recentOrders, measuredEvents, until }: Settings & { until: Date },
  say: (line: string) => void,
): Promise<Filled> {
  await createStatementCosts(stack)
  await seedCampus(db, { demoAccounts: false, password: '' })
  const since = new Date(until.getTime() - recentDays * day)
  const older = orders - recentOrders
  const begun = new Date(since.getTime() - historyDays(older) * day)

  const started = performance.now()
  await seedHistory(db, {
    orders: older,
    live: 0,
    since: begun.toISOString(),
    until: since.toISOString(),
    batchSize: 50_000,
    onProgress: (done) => say(`  ${done} of ${older} orders of the past`),
  })
  await startFeedHere(db)
  await seedLaterHistory(db, {
    orders: recentOrders,
    since: since.toISOString(),
    until: until.toISOString(),
  })
  const ordersPerSecond = orders / ((performance.now() - started) / 1000)

  say('  rolling up')
  const rollUp = await rollUpAll(stack.primaryUrl, measuredEvents)
  await fillFeed(db)
  await sql`vacuum (analyze)`.execute(db)
  const bytes = await measureBytes(db, orders)
  return { ordersPerSecond, rollUp, bytes }
}

/** Only the last weeks are in the feed, because it forgets what is older than a month. */
async function startFeedHere(db: Kysely<Schema>): Promise<void> {
  await sql`
    update event_positions p set xid = e.xid, event_id = e.id
    from (select xid, id from events order by xid desc, id desc limit 1) e where p.consumer = 'feed'`.execute(
    db,
  )
}

async function fillFeed(db: Kysely<Schema>): Promise<void> {
  for (let numbered = -1; numbered !== 0; ) {
    const { rows } = await sql<{ numbered: number }>`select numbered from relay_events(1000)`.execute(db)
    numbered = rows[0]?.numbered ?? 0
  }
}
