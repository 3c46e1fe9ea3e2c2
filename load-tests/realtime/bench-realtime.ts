/**
 * How fast a change of an order is on the screens and in the dashboards of managers, and what a socket costs, beside a bare socket.io
 * server in the same run.
 *
 *   make bench-realtime
 *
 * SOCKETS     phones and kitchen screens (5000)
 * CAFETERIAS  how many share the orders (10)
 * RATE        orders per second (200)
 * MOVES       what is done to each order after it was placed: names of moves, separated by commas (accept)
 * SECONDS     how long (20)
 *
 * Needs Linux: processor time and memory are read from /proc. Everything runs on this machine, on servers of its own.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import type { MoveName } from '@comanda/ordering'
import { insertCampus } from '../campus.ts'
import { round } from '../measuring/round.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { measureBare } from './measure-bare.ts'
import { measureDashboards } from './measure-dashboards.ts'
import { measureGateway } from './measure-gateway.ts'
import type { SocketPlan } from './sockets.ts'

const count = Number(process.env['SOCKETS'] ?? 5000)
const perSecond = Number(process.env['RATE'] ?? 200)
const moves = (process.env['MOVES'] ?? 'accept').split(',').filter(Boolean) as MoveName[]
const seconds = Number(process.env['SECONDS'] ?? 20)
const cafeterias = Number(process.env['CAFETERIAS'] ?? 10)
/** The share of all sockets that follow a whole cafeteria. */
const screens = Math.ceil(count / 100)

const say = (line: string) => console.error(line)
const secret = randomBytes(32).toString('hex')

const stack = await startTemporaryStack({
  // When each transaction committed, by Postgres' own clock, which is this machine's.
  postgres: { standbys: 1, settings: { track_commit_timestamp: 'on' } },
  redis: true,
  say,
})
let database: Database | undefined
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
  database = await openMigratedDatabase(stack.primaryUrl, 'bench')
  const db = database.primary
  const campus = await insertCampus(db, { cafeterias, customers: count - screens, accessTokenSecret: secret })

  const plans: SocketPlan[] = [
    ...campus.customers.map((token) => ({ auth: { token } })),
    ...Array.from({ length: screens }, (_, index) => {
      const kitchen = campus.kitchens[index % cafeterias]
      return { auth: { token: kitchen?.staffToken }, feed: kitchen?.cafeteriaId as string }
    }),
  ].map((plan, index) => ({ ...plan, from: `127.0.0.${2 + (index % 50)}` }))

  const load = { plans, perSecond, moves, seconds }
  say('bare socket.io')
  const bare = await measureBare(load)
  say('gateway')
  const gateway = await measureGateway({ env, db, campus }, load)
  say('dashboards')
  const dashboards = await measureDashboards({ env, accessTokenSecret: secret, db, campus }, load)

  const report = {
    machine: { cores: cpus().length, model: cpus()[0]?.model, load: loadavg() },
    sockets: { phones: count - screens, screens, cafeterias },
    rate: { ordersPerSecond: perSecond, moves, seconds },
    bare,
    gateway,
    dashboards,
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
} finally {
  await database?.close()
  await stack.stop()
}
