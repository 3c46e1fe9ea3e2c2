import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Caller, createAccessTokens } from '@comanda/access'
import { createDatabase, type Database, databaseOptions } from '@comanda/database'
import {
  type DashboardClientEvents,
  type DashboardServerEvents,
  dashboardNamespace,
  type OrderClientEvents,
  type OrderServerEvents,
  ordersNamespace,
} from '@comanda/events'
import {
  asService,
  cloneTestDatabase,
  startServiceUnderTest,
  testRedisNodes,
} from '@comanda/local-stack/testing'
import {
  createLogger,
  createMetrics,
  createRedis,
  createRedisSubscriber,
  loadConfig,
  redisPrefix,
} from '@comanda/service'
import { closeServiceDependencies } from '@comanda/service/dependencies'
import { zoneAtNoon } from '@comanda/service/testing'
import { sql } from 'kysely'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type { Test } from 'tap'
import { buildApp } from '#src/app.ts'
import { configSchema } from '#src/config.ts'

export type Client = Socket<OrderServerEvents, OrderClientEvents>
/** A socket that follows dashboards. */
export type DashboardClient = Socket<DashboardServerEvents, DashboardClientEvents>

/**
 * Opens a database of its own, with ways to start gateways and a worker on it; everything ends with the test. `database` and `url` are
 * those of its owner, for what the test itself writes and reads; gateways and workers have their own roles.
 */
export async function startFleet(t: Test) {
  const clone = await cloneTestDatabase()
  t.teardown(() => clone.drop())
  const config = (env: Record<string, string>) =>
    loadConfig(configSchema, {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: asService(clone.url, 'realtime'),
      DATABASE_POOL_MIN: '0',
      DATABASE_POOL_MAX: '5',
      REDIS_NODES: testRedisNodes(),
      SOCKET_DRAIN_SECONDS: '0.05',
      ...env,
    })
  const open = async (env: Record<string, string> = {}): Promise<Database> => {
    const log = await createLogger({ name: 'realtime', config: config({}) })
    return createDatabase({ ...databaseOptions(config(env), 'realtime-test'), log })
  }
  const database = await open({ DATABASE_URL: clone.url })
  t.teardown(() => database.close())
  async function start(service: 'worker' | 'orders' | 'analytics', env: Record<string, string> = {}) {
    const entry = join(import.meta.dirname, `../../${service}/src/server.ts`)
    const started = await startServiceUnderTest(entry, {
      LOG_LEVEL: 'info',
      DATABASE_URL: clone.url,
      DATABASE_POOL_MIN: '0',
      REDIS_NODES: testRedisNodes(),
      ...env,
    })
    t.teardown(() => started.stop('SIGKILL'))
    return started
  }
  return {
    database,
    url: clone.url,
    redisPrefix: redisPrefix(config({})),
    /** A gateway in this process. */
    async gateway(env: Record<string, string> = {}) {
      const settings = config(env)
      const log = await createLogger({ name: 'realtime', config: settings })
      const metrics = createMetrics()
      const redis = createRedis(settings, log)
      const subscriber = createRedisSubscriber(settings, log)
      const dependencies = {
        config: settings,
        log,
        metrics,
        database: await open(),
        redis,
        subscriber,
      }
      const app = await buildApp(dependencies)
      t.teardown(async () => {
        await app.close()
        await closeServiceDependencies(dependencies)
      })
      await app.listen({ host: '127.0.0.1', port: 0 })
      return { app, metrics, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` }
    },
    /** The worker as a process: it numbers events and publishes them. */
    worker: (env: Record<string, string> = {}) => start('worker', env),
    /** The REST API as a process. */
    orders: (env: Record<string, string> = {}) => start('orders', env),
    /** The analytics API as a process, which reads the standby. */
    analytics: () =>
      start('analytics', { DATABASE_REPLICA_URLS: `analytics=${clone.replicaUrl}`, RATE_LIMITS: 'off' }),
  }
}

/** A cafeteria where it is noon, with a product, a customer (a new one unless given), and ways to place and move orders. */
export async function openKitchen({ primary: db }: Database, customer?: { userId: string }) {
  const id = async (query: ReturnType<typeof sql<{ id: string }>>) =>
    (await query.execute(db)).rows[0]?.id as string
  const cafeteriaId = await id(sql`insert into cafeterias (slug, name, time_zone, currency)
    values (${randomUUID()}, 'Kitchen', ${zoneAtNoon}, 'MXN') returning id`)
  await sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
    select ${cafeteriaId}, kind, weekday, '00:00', '24:00'
    from unnest(array['opening', 'ordering']) kind, generate_series(1, 7) weekday`.execute(db)
  await sql`select refresh_slots(${cafeteriaId}, 1)`.execute(db)
  const categoryId = await id(
    sql`insert into categories (cafeteria_id, name) values (${cafeteriaId}, 'Mains') returning id`,
  )
  const productId =
    await id(sql`insert into products (cafeteria_id, category_id, name, price_cents, make_seconds)
    values (${cafeteriaId}, ${categoryId}, 'Chilaquiles', 6500, 60) returning id`)
  const userId =
    customer?.userId ??
    (await id(sql`insert into users (email, name, password_hash)
      values (${`${randomUUID()}@comanda.test`}, 'Somebody', 'none') returning id`))
  return {
    cafeteriaId,
    customer: { userId },
    staff: { userId: randomUUID(), role: 'staff', memberships: { [cafeteriaId]: 'staff' } } as const,
    async place(): Promise<string> {
      const items = [{ product_id: productId, quantity: 1, modifier_ids: [], note: null }]
      // At most two orders of a customer may wait for payment until a deadline, so the earlier ones go on without one, which no worker ends.
      // The lock makes the calls for one customer wait for one another.
      const { rows } = await db.transaction().execute(async (tx) => {
        await sql`select 1 from users where id = ${userId} for no key update`.execute(tx)
        await sql`update orders set deadline_at = null
          where user_id = ${userId} and status = 'pending_payment' and deadline_at > now()`.execute(tx)
        return sql<{ placed: { id: string } }>`
          select answer as placed from place_order(${userId}, ${cafeteriaId}, null, ${JSON.stringify(items)}, 'card',
            'sandbox', null, null, null, 'test')`.execute(tx)
      })
      return rows[0]?.placed.id as string
    },
    async move(orderId: string, from: string, to: string): Promise<void> {
      await sql`select transition_order(${orderId}, array[${from}], ${to}, ${userId}, 'staff')`.execute(db)
    },
  }
}

export function tokenFor(who: Partial<Caller>, { secret, lifetimeSeconds = 900 } = defaults): string {
  const {
    userId = randomUUID(),
    sessionId = randomUUID(),
    role = 'customer',
    memberships = {},
    rolesVersion,
  } = who
  return createAccessTokens({ secret, lifetimeSeconds }).sign({
    userId,
    sessionId,
    role,
    memberships,
    rolesVersion,
  })
}
const defaults: { secret: string; lifetimeSeconds?: number } = { secret: 'development-access-token-secret' }

/** A socket of its own connection, closed with the test. It does not connect again by itself. */
export function connect(
  t: Test,
  url: string,
  token: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Client {
  const client: Client = io(`${url}${ordersNamespace}`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...options,
  })
  t.teardown(() => client.disconnect())
  return client
}

/** A socket of its own connection that follows dashboards, closed with the test. It does not connect again by itself. */
export function connectToDashboards(t: Test, url: string, token: string): DashboardClient {
  const client: DashboardClient = io(`${url}${dashboardNamespace}`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  t.teardown(() => client.disconnect())
  return client
}

/** The first arguments of an event, as they come. */
export function collect<T>(client: Client | DashboardClient, event: string): T[] {
  const all: T[] = []
  ;(client as Client).on(event as never, ((first: T) => void all.push(first)) as never)
  return all
}

export const next = <T>(client: Client | DashboardClient, event: string): Promise<T> =>
  new Promise((resolve) => {
    ;(client as Client).once(event as never, resolve as never)
  })
