/**
 * What an upgrade of the chart does to people: two processes each of orders, realtime and worker, behind nginx, are replaced
 * one by one as Kubernetes replaces pods (with the times of the rendered chart), while our own runner places, moves and reads
 * orders and sockets follow them. No request may fail, and no event may be lost, or delivered twice.
 *
 *   make test-rolling       RUNS=10 for ten in a row
 *
 * ORDERS    orders per second, of four requests each (4)     READS     further requests per second (20)
 * PHONES    customers who follow their orders (60)           SCREENS   kitchen screens (10)
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { serviceRuntime } from '@comanda/local-stack'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { insertCampus } from '../campus.ts'
import { checkFeed } from '../checks/feed.ts'
import { checkMoney } from '../checks/money.ts'
import { checkNothingLost } from '../checks/nothing-lost.ts'
import { checkWatchers } from '../checks/watchers.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { openWatchers } from '../watching/open-watchers.ts'
import { listOrderVersions } from '../watching/orders-in-database.ts'
import { untilAllShow } from '../watching/until-all-show.ts'
import { type Cost, watchCosts } from './cost.ts'
import { startFleet } from './fleet.ts'
import { startTraffic } from './traffic.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const runs = number('RUNS', 1)
const cafeterias = 2
/** Before and after the restarts, so that they meet a fleet at work and what they did is seen. */
const calmSeconds = 3
const idleSeconds = 10
/** For every phone and screen to be right after the last request. */
const patienceMilliseconds = 10_000

const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true })
const stops: (() => unknown)[] = [() => stack.stop()]
try {
  const secret = randomBytes(32).toString('hex')
  const database = await openMigratedDatabase(stack.primaryUrl, 'rolling')
  stops.push(() => database.close())
  const db = database.primary
  const campus = await insertCampus(db, {
    cafeterias,
    customers: number('PHONES', 60),
    accessTokenSecret: secret,
  })

  const fleet = await startFleet({
    ...serviceRuntime,
    PORT: '0',
    METRICS_PORT: '0',
    ACCESS_TOKEN_SECRET: secret,
    // All of the load is one address.
    RATE_LIMIT_API: '1000000/1m',
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
    REDIS_NODES: stack.redisNodes,
  })
  stops.push(() => fleet.stop())
  const { proxy, deployments } = fleet
  const { url } = proxy
  const idle = watchCosts(deployments)
  await wait(idleSeconds * 1000)
  console.log(`  nobody there: ${inWords(await idle.stop())}`)

  const watchers = openWatchers({
    campus,
    screenCount: number('SCREENS', 10),
    gatewayUrl: url,
    ordersUrl: url,
  })
  const { phones, screens } = watchers
  stops.push(() => watchers.close())
  const acknowledged = new Map<string, number>()

  for (let run = 1; run <= runs; run += 1) {
    const [served, complaints] = [proxy.requests().length, proxy.errors().length]
    const busy = watchCosts(deployments)
    const traffic = startTraffic({
      url,
      campus,
      ordersPerSecond: number('ORDERS', 4),
      readsPerSecond: number('READS', 20),
      onAcknowledged({ id, version, customer }) {
        if (!acknowledged.has(id)) phones[customer]?.follow(id)
        acknowledged.set(id, Math.max(acknowledged.get(id) ?? 0, version))
      },
    })
    stops.push(() => traffic.stop())
    await wait(calmSeconds * 1000)
    const roll = await fleet.roll()
    const costs = await busy.stop()
    await wait(calmSeconds * 1000)
    const { problems } = roll
    const report = await traffic.stop()
    const late = await untilAllShow(watchers, await listOrderVersions(db), patienceMilliseconds)
    const proxied = proxy.requests().slice(served)
    const refused = proxied
      .filter(({ status }) => status >= 400)
      .map(({ status, upstream, request }) => `${upstream || 'nginx'} answered ${status} to ${request}`)
    for (const list of [report.problems, proxy.errors().slice(complaints), refused])
      problems.push(...list.slice(0, 10), ...(list.length > 10 ? [`and ${list.length - 10} more`] : []))
    if (problems.length > 0) throw new Error(problems.join('\n'))

    const orders = await listOrderVersions(db)
    checkNothingLost(orders, acknowledged)
    checkWatchers(watchers, orders)
    await checkMoney(db)
    const events = await checkFeed(db)
    console.log(
      `run ${run} of ${runs}: 6 processes replaced in ${roll.seconds.toFixed()} s, ${report.requests} requests (median ${report.medianMilliseconds} ms, slowest ${report.slowestMilliseconds} ms, ${report.skipped} skipped), ${proxied.length} at nginx with those of ${phones.length + screens.length} sockets: none failed; ${acknowledged.size} orders with ${events} events by now: none lost, all shown ${late} ms after the last`,
    )
    console.log(`  ready after at most: ${roll.starts.join(', ')}; each under load: ${inWords(costs)}`)
  }
} finally {
  for (const stop of stops.toReversed()) await stop()
}

function inWords(costs: readonly Cost[]): string {
  return costs
    .map(({ name, residentMegabytes, millicores }) => `${name} ${residentMegabytes} MB, ${millicores}m`)
    .join('; ')
}
