/**
 * A gateway dies under 2,000 clients, and all come back at once to the one that is left.
 *
 *   make test-reconnect
 *
 * CLIENTS   phones that follow an order each, and for every twenty of them a kitchen screen (2000)
 * PATIENCE  seconds until every screen must be right (10)
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServiceUnderTest, startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import { insertCampus } from '../campus.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { openWatchers } from '../watching/open-watchers.ts'
import { listOrderVersions } from '../watching/orders-in-database.ts'
import { untilAllShow } from '../watching/until-all-show.ts'
import { startFleet } from './fleet.ts'

const clients = Number(process.env['CLIENTS'] ?? 2000)
const patienceMilliseconds = Number(process.env['PATIENCE'] ?? 10) * 1000
const screenCount = Math.ceil(clients / 20)
const phoneCount = clients - screenCount
const cafeterias = 10

const say = (line: string) => console.log(line)
const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true })
const stops: (() => unknown)[] = [() => stack.stop()]
try {
  const secret = randomBytes(32).toString('hex')
  const database = await openMigratedDatabase(stack.primaryUrl, 'reconnect')
  stops.push(() => database.close())
  const db = database.primary
  const campus = await insertCampus(db, { cafeterias, customers: phoneCount, accessTokenSecret: secret })
  const fleet = await startFleet(
    {
      LOG_LEVEL: 'info',
      RATE_LIMIT_API: '1000000/1m',
      ACCESS_TOKEN_SECRET: secret,
      DATABASE_URL: stack.primaryUrl,
      REDIS_NODES: stack.redisNodes,
    },
    { gateways: 1 },
  )
  stops.push(() => fleet.stop())
  const { gatewayUrl, ordersUrl } = fleet

  const orderIds = await placeOrders()
  const watchers = openWatchers({ campus, screenCount, gatewayUrl, ordersUrl })
  stops.push(() => watchers.close())
  for (const [index, phone] of watchers.phones.entries()) phone.follow(orderIds[index] as string)
  const arrived = await untilAllShow(watchers, await listOrderVersions(db), 60_000)
  say(`${clients} clients are there after ${arrived} ms`)

  await fleet.addGateway()
  const left = fleet.gateways[1] as ServiceUnderTest
  await wait(2000)
  const idle = await statementsIn(left, 5000)
  const before = await countStatements(left)
  await fleet.killGateway()
  // What they must learn of when they are back.
  await sql`select transition_order(id, array['placed'], 'accepted', user_id, 'staff') from orders`.execute(
    db,
  )
  const back = await untilAllShow(watchers, await listOrderVersions(db), patienceMilliseconds)
  const statements = (await countStatements(left)) - before
  say(`kill -9 of their gateway: all show the newest after ${back} ms`)
  say(`${statements} statements by the gateway that was left (idle: ${idle} in 5000 ms)`)

  /** One for each phone. */
  async function placeOrders(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select (place_order(p.id, k.cafeteria_id, null, jsonb_build_array(jsonb_build_object(
          'product_id', k.product_id, 'quantity', 1, 'modifier_ids', '[]'::jsonb, 'note', null)),
        'wallet', 'wallet', null, null, null, 'test')).answer ->> 'id' as id
      from (select id, row_number() over (order by email) as n from users) p
      join (select cafeteria_id, min(id::text)::uuid as product_id, row_number() over (order by cafeteria_id) as n
        from products group by cafeteria_id) k on k.n = 1 + p.n % ${cafeterias}::int`.execute(db)
    const { rows: owners } = await sql<{ id: string }>`
      select o.id from jsonb_array_elements_text(${JSON.stringify(campus.customerIds)}::jsonb) with ordinality c (id, n)
      join orders o on o.user_id = c.id::uuid order by c.n`.execute(db)
    if (rows.length !== phoneCount)
      throw new Error(`${rows.length} orders were placed for ${phoneCount} phones`)
    return owners.map(({ id }) => id)
  }
} finally {
  for (const stop of stops.toReversed()) await stop()
}

async function countStatements({ metricsUrl }: ServiceUnderTest): Promise<number> {
  const metrics = await (await fetch(`${metricsUrl}/metrics`)).text()
  const counts = metrics.matchAll(/^db_query_duration_seconds_count\{[^}]*\} (\d+)/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

async function statementsIn(service: ServiceUnderTest, milliseconds: number): Promise<number> {
  const before = await countStatements(service)
  await wait(milliseconds)
  return (await countStatements(service)) - before
}
