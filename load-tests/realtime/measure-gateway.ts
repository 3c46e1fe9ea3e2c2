import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Campus } from '../campus.ts'
import { processorSeconds } from '../measuring/process-cost.ts'
import { summarise } from '../measuring/quantiles.ts'
import { createBenchFleet } from './bench-fleet.ts'
import { inspectorIn, measureServer, type RealtimeLoad } from './measure-server.ts'
import { placeOrders } from './orders.ts'

interface Fleet {
  /** The environment of every service. */
  env: Record<string, string>
  db: Kysely<Schema>
  campus: Pick<Campus, 'customers' | 'kitchens'>
}

/** Measures the realtime service, with orders that are placed and moved through the orders service. */
export async function measureGateway(
  { env, db, campus }: Fleet,
  { plans, perSecond, moves, seconds }: RealtimeLoad,
) {
  const fleet = createBenchFleet(env)
  try {
    const orders = await fleet.start('orders')
    const worker = await fleet.start('worker')
    const realtime = await fleet.start('realtime', { NODE_OPTIONS: '--inspect=127.0.0.1:0' })
    const server = {
      pid: realtime.child.pid as number,
      inspector: inspectorIn(realtime.output()),
      url: realtime.url,
    }
    const { costs, received, work } = await measureServer(server, { plans, seconds }, async (forSeconds) => {
      const before = await processorSeconds(worker.child.pid as number)
      const load = await placeOrders({
        url: orders.url,
        customers: campus.customers,
        kitchens: campus.kitchens,
        perSecond,
        seconds: forSeconds,
        moves,
      })
      return { load, workerSeconds: (await processorSeconds(worker.child.pid as number)) - before }
    })
    const commits = await listCommits(db)
    const known = received.names.map((name) => commits.get(name))
    if (known.includes(undefined)) throw new Error('a message came of an event that was never committed')
    const after = (time: 'committedAt' | 'numberedAt') =>
      received.times.map((at, index) => at - (known[index]?.[time] ?? 0))
    return {
      ...costs,
      ...work,
      latencyMilliseconds: summarise(after('committedAt')),
      ofWhich: {
        untilNumbered: summarise(known.map((one) => (one ? one.numberedAt - one.committedAt : 0))),
        untilReceived: summarise(after('numberedAt')),
      },
    }
  } finally {
    await fleet.stop()
  }
}

/** When each event and its number were committed, in milliseconds since 1970, by `orderId:version`. */
async function listCommits(
  db: Kysely<Schema>,
): Promise<Map<string, { committedAt: number; numberedAt: number }>> {
  const { rows } = await sql<{ name: string; committedAt: number; numberedAt: number }>`
    select e.order_id || ':' || e.version as name,
      extract(epoch from pg_xact_commit_timestamp(e.xid::xid))::float8 * 1000 as committed_at,
      extract(epoch from pg_xact_commit_timestamp(f.xmin))::float8 * 1000 as numbered_at
    from events e join feed f on f.event_id = e.id`.execute(db)
  return new Map(rows.map(({ name, ...times }) => [name, times]))
}
