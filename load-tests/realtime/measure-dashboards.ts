import { setTimeout as wait } from 'node:timers/promises'
import type { Schema } from '@comanda/database'
import { type DashboardChange, dashboardNamespace } from '@comanda/events'
import { type Kysely, sql } from 'kysely'
import { type Campus, createSigner } from '../campus.ts'
import { summarise } from '../measuring/quantiles.ts'
import { createBenchFleet } from './bench-fleet.ts'
import { openLeanSocket } from './lean-socket.ts'
import { type RealtimeLoad, warmUpSeconds } from './measure-server.ts'
import { placeOrders } from './orders.ts'
import { type ArrivedUpdate, type CommittedEvent, updateDelays } from './update-delays.ts'

interface Fleet {
  /** The environment of every service. */
  env: Record<string, string>
  accessTokenSecret: string
  db: Kysely<Schema>
  campus: Pick<Campus, 'customers' | 'kitchens'>
}

/** How long the last updates may take to arrive after the last order. */
const mostSecondsBehind = 60
/** What is required of the 99th percentile, without the pause between two updates of a cafeteria. */
const requiredMilliseconds = 1000

/**
 * Measures how long an event of an order takes from its commit to the `dashboard:updated` that counts it, at a manager of each cafeteria.
 * @throws Error when an event is in no update
 */
export async function measureDashboards(
  { env, accessTokenSecret, db, campus }: Fleet,
  { perSecond, moves, seconds }: Omit<RealtimeLoad, 'plans'>,
) {
  const fleet = createBenchFleet(env)
  const updates: ArrivedUpdate[] = []
  try {
    const orders = await fleet.start('orders')
    await fleet.start('worker')
    const { url } = await fleet.start('realtime')
    const sign = createSigner(accessTokenSecret)
    for (const { cafeteriaId } of campus.kitchens) await follow(url, cafeteriaId, sign, updates)
    const place = (forSeconds: number) =>
      placeOrders({
        url: orders.url,
        customers: campus.customers,
        kitchens: campus.kitchens,
        perSecond,
        seconds: forSeconds,
        moves,
      })
    await place(warmUpSeconds)
    const warmedUpAt = Date.now()
    const load = await place(seconds)
    const events = await listCommits(db, warmedUpAt)
    await untilCounted(events, updates)

    const delays = updateDelays(events, updates)
    const withoutPause = summarise(delays.map(({ total, paused }) => total - paused))
    return {
      load,
      updates: updates.filter(({ receivedAt }) => receivedAt > warmedUpAt).length,
      delayMilliseconds: summarise(delays.map(({ total }) => total)),
      ofWhich: { paused: summarise(delays.map(({ paused }) => paused)), withoutPause },
      required: { withoutPauseP99: requiredMilliseconds, met: withoutPause.p99 < requiredMilliseconds },
    }
  } finally {
    await fleet.stop()
  }
}

async function follow(
  url: string,
  cafeteriaId: string,
  sign: ReturnType<typeof createSigner>,
  updates: ArrivedUpdate[],
): Promise<void> {
  const socket = await openLeanSocket({
    url,
    namespace: dashboardNamespace,
    auth: { token: sign({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } }) },
    from: '127.0.0.1',
    onEvent(json) {
      const receivedAt = performance.timeOrigin + performance.now()
      const [event, change] = JSON.parse(json) as [string, DashboardChange]
      if (event === 'dashboard:updated') updates.push({ cafeteriaId, number: change.number, receivedAt })
    },
    onClosed() {},
  })
  const answer = (await socket.ask('dashboard:subscribe', { cafeteriaId })) as { ok: boolean }
  if (!answer.ok)
    throw new Error(`the dashboard of ${cafeteriaId} is not followed: ${JSON.stringify(answer)}`)
}

/** Lists the events of orders that were committed since then, in the order of their transactions. */
async function listCommits(db: Kysely<Schema>, since: number): Promise<CommittedEvent[]> {
  const { rows } = await sql<CommittedEvent>`
    select cafeteria_id, xid::text::float8 as transaction,
      extract(epoch from pg_xact_commit_timestamp(xid::xid))::float8 * 1000 as committed_at
    from events
    where type like 'order.%' and pg_xact_commit_timestamp(xid::xid) > to_timestamp(${since / 1000}::float8)
    order by xid, id`.execute(db)
  return rows
}

async function untilCounted(
  events: readonly CommittedEvent[],
  updates: readonly ArrivedUpdate[],
): Promise<void> {
  const last = new Map(events.map(({ cafeteriaId, transaction }) => [cafeteriaId, transaction]))
  const isCounted = ([id, transaction]: [string, number]) =>
    updates.some(({ cafeteriaId, number }) => cafeteriaId === id && number >= transaction)
  const patience = AbortSignal.timeout(mostSecondsBehind * 1000)
  while (!patience.aborted && ![...last].every(isCounted)) await wait(50)
}
