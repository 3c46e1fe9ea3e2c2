/**
 * A rush in which everything breaks: while orders flow and 200 people watch two cafeterias, kill -9 ends in turn a gateway of
 * two, the worker that numbers the events, a Redis master and the Postgres primary. After each, every screen must show what
 * the database has within ten seconds, and in the end the feeds have every number once and nothing acknowledged is lost.
 *
 *   make test-rush          RUNS=10 for ten in a row
 *
 * PHONES    customers (160)      SCREENS   kitchen screens (40)
 * RATE      orders per second (8)
 * PATIENCE  seconds until every screen must be right (10)
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { startFailoverStack } from '@comanda/local-stack/testing'
import { insertCampus } from '../campus.ts'
import { checkFeed } from '../checks/feed.ts'
import { checkNothingLost } from '../checks/nothing-lost.ts'
import { checkWatchers } from '../checks/watchers.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { findStale } from '../watching/find-stale.ts'
import { openWatchers } from '../watching/open-watchers.ts'
import { listOrderVersions } from '../watching/orders-in-database.ts'
import { watchStaleness } from '../watching/staleness.ts'
import { startFleet } from './fleet.ts'
import { startTraffic } from './traffic.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const runs = number('RUNS', 1)
const phoneCount = number('PHONES', 160)
const screenCount = number('SCREENS', 40)
const perSecond = number('RATE', 8)
const patienceMilliseconds = number('PATIENCE', 10) * 1000
const cafeterias = 2
/** Before each fault, so that it meets a fleet at work. */
const calmMilliseconds = 3000
/** After each fault, with orders flowing on. */
const stormMilliseconds = 8000

const say = (line: string) => console.log(line)

async function run(): Promise<void> {
  const stack = await startFailoverStack()
  const stops: (() => unknown)[] = [() => stack.stop()]
  try {
    const secret = randomBytes(32).toString('hex')
    const env: Record<string, string> = {
      LOG_LEVEL: 'info',
      RATE_LIMIT_API: '1000000/1m',
      ACCESS_TOKEN_SECRET: secret,
      DATABASE_URL: stack.url,
      DATABASE_POOL_MIN: '2',
      DATABASE_POOL_MAX: '10',
      REDIS_NODES: stack.redisNodes,
    }
    const database = await openMigratedDatabase(stack.url, 'rush')
    stops.push(() => database.close())
    const db = database.primary
    const campus = await insertCampus(db, { cafeterias, customers: phoneCount, accessTokenSecret: secret })

    const fleet = await startFleet(env)
    stops.push(() => fleet.stop())
    const { gatewayUrl, ordersUrl } = fleet
    const watchers = openWatchers({ campus, screenCount, gatewayUrl, ordersUrl })
    const { phones, screens } = watchers
    stops.push(() => watchers.close())

    while (![...phones, ...screens].every((watcher) => watcher.isCurrent())) await wait(100)

    const traffic = startTraffic({
      url: ordersUrl,
      customers: campus.customers,
      kitchens: campus.kitchens,
      perSecond,
      onPlaced: ({ orderId, customer }) => phones[customer]?.follow(orderId),
    })

    stops.push(() => traffic.abandon())

    const staleness = watchStaleness({
      readOrders: () => listOrderVersions(db),
      mostMilliseconds: patienceMilliseconds,
      findStale: (orders) => findStale(watchers, orders),
    })

    const faults: [name: string, strike: () => Promise<unknown>][] = [
      ['nothing yet', async () => {}],
      ['a gateway', fleet.killGateway],
      ['the worker that numbers events', fleet.killSequencer],
      ['a Redis master', stack.killRedisMaster],
      [
        'the Postgres primary',
        async () => {
          await stack.killPrimary()
          await stack.promoteMostAdvanced()
        },
      ],
    ]
    for (const [name, strike] of faults) {
      await wait(calmMilliseconds)
      staleness.takeWorst()
      await strike()
      await wait(stormMilliseconds)
      await staleness.settle()
      say(`  kill -9 of ${name}: every screen right after at most ${staleness.takeWorst()}`)
    }

    await traffic.stop()
    await staleness.settle()
    await staleness.stop()
    const orders = await listOrderVersions(db)
    checkWatchers(watchers, orders)
    checkNothingLost(orders, traffic.acknowledged)
    const events = await checkFeed(db)
    const failures = [...traffic.failures].map(([status, count]) => `${count} × ${status || 'no answer'}`)
    say(
      `  ${orders.length} orders, ${events} events, none lost; calls that were repeated: ${failures.join(', ') || 'none'}`,
    )
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

for (let count = 1; count <= runs; count += 1) {
  say(`run ${count} of ${runs}`)
  await run()
}
