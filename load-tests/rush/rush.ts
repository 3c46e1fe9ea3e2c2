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
import { createDatabase, databaseConfig, databaseOptions, migrate } from '@comanda/database'
import { startFailoverStack } from '@comanda/local-stack/testing'
import { loadConfig } from '@comanda/service'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { insertCampus } from '../campus.ts'
import { startFleet } from './fleet.ts'
import { type OrderVersion, watchStaleness } from './staleness.ts'
import { startTraffic } from './traffic.ts'
import { openPhone, openScreen } from './watchers.ts'

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
    await migrate(stack.url)
    const database = createDatabase({
      ...databaseOptions(loadConfig(Type.Object(databaseConfig), { DATABASE_URL: stack.url }), 'rush'),
      log: { warn: () => {}, info: () => {} },
    })
    stops.push(() => database.close())
    const db = database.primary
    const campus = await insertCampus(db, { cafeterias, customers: phoneCount, accessTokenSecret: secret })

    const fleet = await startFleet(env)
    stops.push(() => fleet.stop())
    const { gatewayUrl, ordersUrl } = fleet
    const phones = campus.customers.map((token) => openPhone({ gatewayUrl, ordersUrl, token }))
    const screens = Array.from({ length: screenCount }, (_, index) => {
      const { cafeteriaId, staffToken } = campus.kitchens[
        index % cafeterias
      ] as (typeof campus.kitchens)[number]
      return openScreen({ gatewayUrl, ordersUrl, cafeteriaId, token: staffToken })
    })
    stops.push(() => [...phones, ...screens].forEach(({ client }) => client.close()))

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
      readOrders: () => db.selectFrom('orders').select(['id', 'cafeteriaId', 'version']).execute(),
      mostMilliseconds: patienceMilliseconds,
      findStale(orders) {
        const expected = new Map(orders.map((order) => [order.id, order]))
        for (const phone of phones)
          for (const id of phone.orderIds)
            if (phone.versionOf(id) < (expected.get(id)?.version ?? 0))
              return `${phone.about()} does not show ${id} as it is`
        for (const screen of screens)
          for (const { id, cafeteriaId, version } of orders)
            if (cafeteriaId === screen.cafeteriaId && screen.versionOf(id) < version)
              return `${screen.about()} does not show ${id} as it is`
        return null
      },
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
    const orders = await db.selectFrom('orders').select(['id', 'cafeteriaId', 'version']).execute()
    checkScreensShow(orders)
    checkNothingLost(orders)
    const events = await checkFeed()
    const failures = [...traffic.failures].map(([status, count]) => `${count} × ${status || 'no answer'}`)
    say(
      `  ${orders.length} orders, ${events} events, none lost; calls that were repeated: ${failures.join(', ') || 'none'}`,
    )

    function checkScreensShow(all: readonly OrderVersion[]): void {
      const versions = new Map(all.map(({ id, version }) => [id, version]))
      for (const phone of phones)
        for (const id of phone.orderIds)
          if (phone.versionOf(id) !== versions.get(id)) throw new Error(`a phone shows ${id} as it never was`)
      for (const { cafeteriaId, versionOf, numbers } of screens) {
        for (const { id, version } of all.filter((order) => order.cafeteriaId === cafeteriaId))
          if (versionOf(id) !== version) throw new Error(`a screen shows ${id} as it never was`)
        const gap = numbers.findIndex((seq, index) => index > 0 && seq !== (numbers[index - 1] ?? 0) + 1)
        if (gap > 0) throw new Error(`a screen was told ${numbers[gap]} after ${numbers[gap - 1]}`)
      }
    }

    function checkNothingLost(all: readonly OrderVersion[]): void {
      const versions = new Map(all.map(({ id, version }) => [id, version]))
      for (const [id, version] of traffic.acknowledged)
        if ((versions.get(id) ?? 0) < version)
          throw new Error(`version ${version} of ${id} was acknowledged and is lost`)
      if (versions.size !== traffic.acknowledged.size)
        throw new Error('an order was placed twice, or one that nobody knows of')
    }

    async function checkFeed(): Promise<number> {
      const { rows } = await sql<{ events: number; numbered: number; wrong: number }>`
        select (select count(*) from events where version is not null)::int as events, count(*)::int as numbered,
          count(*) filter (where f.seq <> f.place or e.version <> f.version)::int as wrong
        from (
          select f.seq, f.event_id, row_number() over (partition by f.cafeteria_id order by f.seq) as place,
            row_number() over (partition by e.order_id order by f.seq) as version
          from feed f join events e on e.id = f.event_id
        ) f join events e on e.id = f.event_id`.execute(db)
      const { events, numbered, wrong } = rows[0] as { events: number; numbered: number; wrong: number }
      if (numbered !== events || wrong > 0)
        throw new Error(`of ${events} events ${numbered} are numbered, ${wrong} wrongly`)
      return events
    }
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

for (let count = 1; count <= runs; count += 1) {
  say(`run ${count} of ${runs}`)
  await run()
}
