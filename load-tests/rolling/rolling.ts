/**
 * What an upgrade of the chart does to people: two processes each of orders, realtime and worker, behind nginx, are replaced
 * one by one as Kubernetes replaces pods (the times are those of charts/comanda/values.yaml), while k6 places, moves and
 * reads orders and sockets follow them. No request may fail, and no event may be lost, or told twice.
 *
 *   make test-rolling       RUNS=10 for ten in a row
 *
 * ORDERS    orders per second, of four requests each (4)     READS     further requests per second (20)
 * PHONES    customers who follow their orders (60)           SCREENS   kitchen screens (10)
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createDatabase, databaseConfig, databaseOptions, migrate } from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { loadConfig } from '@comanda/service'
import { type Kysely } from 'kysely'
import { Type } from 'typebox'
import { insertCampus } from '../campus.ts'
import { openPhone, openScreen } from '../rush/watchers.ts'
import { readPodPlan } from './chart.ts'
import { checkFeed, checkNothingLost, checkScreens, untilAllShow } from './checks.ts'
import { startDeployment } from './deployment.ts'
import { installK6, startK6 } from './k6.ts'
import { startProxy, type Upstreams } from './proxy.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const runs = number('RUNS', 1)
const cafeterias = 2
/** Before and after the restarts, so that they meet a fleet at work and what they did is seen. */
const calmMilliseconds = 3000

/** nginx' own status, for requests that were under way when k6 was stopped. */
const clientWentAway = 499

const say = (line: string) => console.log(line)

await installK6()
const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true })
const stops: (() => unknown)[] = [() => stack.stop()]
try {
  const secret = randomBytes(32).toString('hex')
  const { log, ...options } = {
    ...databaseOptions(
      loadConfig(Type.Object(databaseConfig), { DATABASE_URL: stack.primaryUrl }),
      'rolling',
    ),
    log: { warn: () => {}, info: () => {} },
  }
  const database = createDatabase({ ...options, min: 1, max: 4, log })
  stops.push(() => database.close())
  const db = database.primary
  await migrate(db as unknown as Kysely<never>)
  const campus = await insertCampus(db, {
    cafeterias,
    customers: number('PHONES', 60),
    accessTokenSecret: secret,
  })

  const env = {
    ACCESS_TOKEN_SECRET: secret,
    RATE_LIMIT_API: '1000000/1m',
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
    REDIS_NODES: stack.redisNodes,
  }
  const upstreams: Upstreams = { orders: [], realtime: [] }
  const proxy = await startProxy(upstreams)
  stops.push(() => proxy.stop())
  const deployments = await Promise.all(
    (['orders', 'realtime', 'worker'] as const).map(async (name) => {
      const deployment = await startDeployment({
        name,
        plan: readPodPlan(name),
        env,
        replicas: 2,
        onEndpoints(addresses) {
          // Nobody calls a worker.
          if (name === 'worker') return
          upstreams[name] = addresses
          proxy.use(upstreams)
        },
      })
      stops.push(() => deployment.stop())
      return deployment
    }),
  )
  await wait(1000)

  const { url } = proxy
  const phones = campus.customers.map((token) => openPhone({ gatewayUrl: url, ordersUrl: url, token }))
  const screens = Array.from({ length: number('SCREENS', 10) }, (_, index) => {
    const { cafeteriaId, staffToken } = campus.kitchens[
      index % cafeterias
    ] as (typeof campus.kitchens)[number]
    return openScreen({ gatewayUrl: url, ordersUrl: url, cafeteriaId, token: staffToken })
  })
  stops.push(() => [...phones, ...screens].forEach(({ client }) => client.close()))
  const acknowledged = new Map<string, number>()
  const watched = { db, phones, screens }

  for (let count = 1; count <= runs; count += 1) {
    const before = deployments.map((deployment) => deployment.addresses())
    const seen = proxy.requests().length
    const k6 = startK6(
      {
        url,
        customers: campus.customers,
        kitchens: campus.kitchens,
        ordersPerSecond: number('ORDERS', 4),
        readsPerSecond: number('READS', 20),
      },
      ({ id, version, customer }) => {
        if (!acknowledged.has(id)) phones[customer]?.follow(id)
        acknowledged.set(id, Math.max(acknowledged.get(id) ?? 0, version))
      },
    )
    stops.push(() => k6.stop().catch(() => {}))
    await wait(calmMilliseconds)
    const beganAt = performance.now()
    await Promise.all(deployments.map((deployment) => deployment.roll()))
    const seconds = Math.round((performance.now() - beganAt) / 1000)
    await wait(calmMilliseconds)
    const report = await k6.stop()
    const late = await untilAllShow(watched)

    const proxied = proxy.requests().slice(seen)
    const refused = proxied.filter(({ status }) => status >= 400 && status !== clientWentAway)
    const served = new Set(proxied.map(({ upstream }) => upstream))
    const problems = [
      ...report.wrong.slice(0, 10),
      ...refused
        .slice(0, 10)
        .map(({ status, upstream, request }) => `${upstream} answered ${status} to ${request}`),
    ]
    if (report.failed + problems.length > 0)
      throw new Error(`${report.failed} requests failed:\n${problems.join('\n')}`)
    for (const [index, deployment] of deployments.entries()) {
      const after = deployment.addresses()
      if (after.length !== 2 || after.some((address) => before[index]?.includes(address)))
        throw new Error('not every process was replaced')
      const called = [...(before[index] ?? []), ...after]
      if (index < 2 && called.some((address) => !served.has(address)))
        throw new Error('a process was replaced that nobody called')
    }
    await checkNothingLost(db, acknowledged)
    await checkScreens(watched)
    const events = await checkFeed(db)
    say(
      `run ${count} of ${runs}: 6 processes replaced in ${seconds} s under ${report.requests} requests (median ${report.median} ms, slowest ${report.slowest} ms), ${proxied.length} at nginx with those of ${phones.length + screens.length} sockets: none failed; ${acknowledged.size} orders with ${events} events: none lost, all shown ${late} ms after the last`,
    )
  }
} finally {
  for (const stop of stops.toReversed()) await stop()
}
