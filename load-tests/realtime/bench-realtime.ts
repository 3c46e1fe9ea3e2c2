/**
 * How fast a change of an order is on the screens, and what a socket costs, beside a bare socket.io server in the same run.
 *
 *   make bench-realtime
 *
 * SOCKETS   phones and kitchen screens (5000)
 * RATE      orders per second (200)
 * MOVES     what is done to each order after it was placed: names of moves, separated by commas (accept)
 * SECONDS   how long (20)
 *
 * Needs Linux: processor time and memory are read from /proc. Everything runs on this machine, on servers of its own.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startServiceUnderTest, startTemporaryStack } from '@comanda/local-stack/testing'
import type { MoveName } from '@comanda/ordering'
import { sql } from 'kysely'
import { insertCampus } from '../campus.ts'
import { collectGarbage, processorSeconds, residentBytes } from '../measuring/process-cost.ts'
import { summarise } from '../measuring/quantiles.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { placeOrders } from './orders.ts'
import { type Received, type SocketPlan, startSockets } from './sockets.ts'

const count = Number(process.env['SOCKETS'] ?? 5000)
const perSecond = Number(process.env['RATE'] ?? 200)
const moves = (process.env['MOVES'] ?? 'accept').split(',').filter(Boolean) as MoveName[]
const seconds = Number(process.env['SECONDS'] ?? 20)
const cafeterias = 10
/** The share of all sockets that follow a whole cafeteria. */
const screens = Math.ceil(count / 100)
/** Time for connections, caches and compilers to settle before something is measured. */
const settleMilliseconds = 5000
const warmUpSeconds = 8

const say = (line: string) => console.error(line)
const secret = randomBytes(32).toString('hex')

const stack = await startTemporaryStack({
  // When each transaction committed, by Postgres' own clock, which is this machine's.
  postgres: { standbys: 1, settings: { track_commit_timestamp: 'on' } },
  redis: true,
  say,
})
const stops: (() => unknown)[] = []
try {
  const env: Record<string, string> = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    ACCESS_TOKEN_SECRET: secret,
    PAYMENT_PROVIDER: 'none',
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
    DATABASE_POOL_MAX: '10',
    REDIS_NODES: stack.redisNodes,
    RATE_LIMIT_API: '1000000/1m',
    SOCKETS_PER_ADDRESS: '100000',
  }
  const database = await openMigratedDatabase(stack.primaryUrl, 'bench')
  stops.push(() => database.close())
  const db = database.primary
  const campus = await insertCampus(db, { cafeterias, customers: count - screens, accessTokenSecret: secret })

  const plans: SocketPlan[] = [
    ...campus.customers.map((token) => ({ auth: { token } })),
    ...Array.from({ length: screens }, (_, index) => {
      const kitchen = campus.kitchens[index % cafeterias]
      return { auth: { token: kitchen?.staffToken }, feed: kitchen?.cafeteriaId as string }
    }),
  ].map((plan, index) => ({ ...plan, from: `127.0.0.${2 + (index % 50)}` }))

  say('bare socket.io')
  const bare = await measureBare()
  say('gateway')
  const gateway = await measureGateway()

  const report = {
    machine: { cores: cpus().length, model: cpus()[0]?.model, load: loadavg() },
    sockets: { phones: count - screens, screens, cafeterias },
    rate: { ordersPerSecond: perSecond, moves, seconds },
    bare,
    gateway,
    ratios: {
      memoryPerSocket: round(gateway.bytesPerSocket / bare.bytesPerSocket),
      processorPerThousandMessages: round(
        gateway.processorSecondsPerThousandMessages / bare.processorSecondsPerThousandMessages,
      ),
    },
  }
  console.log(JSON.stringify(report, null, 2))
  const directory = join(import.meta.dirname, '../../.comanda/bench')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'realtime.json'), `${JSON.stringify(report, null, 2)}\n`)

  async function measureBare() {
    const child = fork(join(import.meta.dirname, 'bare-server.process.ts'), {
      execArgv: ['--inspect=127.0.0.1:0'],
      env: { ...process.env, NODE_ENV: 'production' },
      silent: true,
    })
    stops.push(() => child.kill('SIGKILL'))
    let output = ''
    child.stderr?.on('data', (chunk) => (output += chunk))
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    const server = {
      pid: child.pid as number,
      inspector: inspectorIn(output),
      url: `http://127.0.0.1:${port}`,
    }
    const result = await measureServer(
      server,
      plans.map((plan, id) => ({ ...plan, auth: { id } })),
      async (forSeconds) => {
        child.send({ perSecond: perSecond * (1 + moves.length), seconds: forSeconds })
        await once(child, 'message')
        return {}
      },
    )
    child.kill('SIGKILL')
    return {
      ...result.costs,
      latencyMilliseconds: summarise(
        result.received.times.map((at, index) => at - Number(result.received.names[index])),
      ),
    }
  }

  async function measureGateway() {
    const start = async (name: string, more: Record<string, string> = {}) => {
      const service = await startServiceUnderTest(
        join(import.meta.dirname, `../../services/${name}/src/server.ts`),
        {
          ...env,
          ...more,
        },
      )
      stops.push(() => service.stop('SIGKILL'))
      return service
    }
    const orders = await start('orders')
    const worker = await start('worker')
    const realtime = await start('realtime', { NODE_OPTIONS: '--inspect=127.0.0.1:0' })
    const server = {
      pid: realtime.child.pid as number,
      inspector: inspectorIn(realtime.output()),
      url: realtime.url,
    }
    const { costs, received, work } = await measureServer(server, plans, async (forSeconds) => {
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
    const commits = await listCommits()
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
  }

  /** When each event and its number were committed, in milliseconds since 1970, by `orderId:version`. */
  async function listCommits(): Promise<Map<string, { committedAt: number; numberedAt: number }>> {
    const { rows } = await sql<{ name: string; committedAt: number; numberedAt: number }>`
      select e.order_id || ':' || e.version as name,
        extract(epoch from pg_xact_commit_timestamp(e.xid::xid))::float8 * 1000 as committed_at,
        extract(epoch from pg_xact_commit_timestamp(f.xmin))::float8 * 1000 as numbered_at
      from events e join feed f on f.event_id = e.id`.execute(db)
    return new Map(rows.map(({ name, ...times }) => [name, times]))
  }
} finally {
  for (const stop of stops.toReversed()) await stop()
  await stack.stop()
}

interface MeasuredServer {
  pid: number
  inspector: string
  url: string
}

/** What a server's sockets cost, idle and while `run` makes it send messages, and what came. */
async function measureServer<Work>(
  server: MeasuredServer,
  plans: SocketPlan[],
  run: (forSeconds: number) => Promise<Work>,
) {
  const { pid, inspector, url } = server
  const sockets = startSockets()
  try {
    // One of each kind before the first measurement: what is loaded on demand is not the cost of a socket.
    await sockets.open(url, [plans[0] as SocketPlan, plans.at(-1) as SocketPlan])
    await wait(settleMilliseconds)
    await collectGarbage(inspector)
    const emptyBytes = await residentBytes(pid)
    const startedAt = performance.now()
    await sockets.open(url, plans.slice(1, -1))
    const connectSeconds = (performance.now() - startedAt) / 1000
    await wait(settleMilliseconds)
    await collectGarbage(inspector)
    const fullBytes = await residentBytes(pid)
    say(`${plans.length} sockets in ${connectSeconds.toFixed(1)} s`)

    await run(warmUpSeconds)
    await wait(1000)
    await sockets.report()
    const before = await processorSeconds(pid)
    const work = await run(seconds)
    await wait(1000)
    const used = (await processorSeconds(pid)) - before
    const received = await sockets.report()
    if (received.closed > 0) throw new Error(`the server closed ${received.closed} sockets`)
    return {
      costs: costsOf(plans.length, fullBytes - emptyBytes, emptyBytes, used, received),
      received,
      work,
    }
  } finally {
    sockets.close()
  }
}

function costsOf(sockets: number, bytes: number, emptyBytes: number, processor: number, received: Received) {
  return {
    emptyMegabytes: round(emptyBytes / 1e6),
    bytesPerSocket: Math.round(bytes / (sockets - 2)),
    messages: received.names.length,
    processorSeconds: round(processor),
    processorSecondsPerThousandMessages: round((processor / received.names.length) * 1000),
  }
}

/** Where Node said that its inspector listens. */
function inspectorIn(output: string): string {
  const url = /ws:\/\/\S+/.exec(output)?.[0]
  if (!url) throw new Error(`no inspector: ${output}`)
  return url
}

function round(number: number): number {
  return Math.round(number * 1000) / 1000
}
