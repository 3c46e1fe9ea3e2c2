import { randomUUID } from 'node:crypto'
import { createAccessTokens } from '@comanda/access'
import { cloneTestDatabase, patientEnvironment, testRedisNodes } from '@comanda/local-stack/testing'
import { createLogger, loadConfig } from '@comanda/service'
import { closeServiceDependencies } from '@comanda/service/dependencies'
import { sql } from 'kysely'
import t from 'tap'
import { buildApp } from '#src/app.ts'
import { configSchema } from '#src/config.ts'
import { openDependencies } from '#src/dependencies.ts'
import { addCampus } from '../builders.ts'

// What a process of its own opens, over a pool whose few connections were made by other requests than those that use them.
const clone = await cloneTestDatabase()
const config = loadConfig(configSchema, {
  NODE_ENV: 'test',
  RATE_LIMITS: 'off',
  CACHE: 'off',
  ...patientEnvironment,
  DATABASE_URL: clone.url,
  DATABASE_POOL_MIN: '0',
  DATABASE_POOL_MAX: '3',
  REDIS_NODES: testRedisNodes(),
})
const lines: Record<string, unknown>[] = []
const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
const log = await createLogger({ name: 'orders', config, stream })
const dependencies = { ...(await openDependencies(config)), log }
const app = await buildApp(dependencies)
t.teardown(async () => {
  await app.close()
  await closeServiceDependencies(dependencies)
  await clone.drop()
})
const db = dependencies.database.primary
const { customer, admin, cafeteria, product } = await addCampus(db)
const base = await app.listen({ port: 0, host: '127.0.0.1' })
const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })

/** Sends a request over a socket, and reads what `server-timing` says of it, in milliseconds. */
async function timed(path: string, who: typeof customer, body?: object, method = 'POST') {
  const token = tokens.sign({ ...who.caller, sessionId: who.id })
  const response = await fetch(base + path, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(body && { method, body: JSON.stringify(body) }),
  })
  await response.text()
  const timing = response.headers.get('server-timing') ?? ''
  const part = (name: string) => Number(new RegExp(`${name};dur=([\\d.]+)`).exec(timing)?.[1])
  return { status: response.status, total: part('total'), db: part('db') }
}

const order = () => ({
  cafeteriaId: cafeteria.id,
  items: [{ productId: product.id, quantity: 1 }],
  pickup: 'asap',
  payment: { method: 'wallet' },
})

t.test('an answer says how long its own statements took, whoever made the connections', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all([
      timed('/v1/orders', customer),
      timed('/v1/me', customer),
      timed('/v1/orders', customer, order()),
      timed('/v1/orders?mine=true', admin),
    ])
    for (const { status, db, total } of answers) {
      t.ok(status < 300, String(status))
      t.ok(db > 0, `a request reads at least one row: ${db} of ${total} ms`)
    }
    // Each of these sends one statement, so that it cannot have waited longer than it took.
    for (const { db, total } of [answers[0], answers[1]]) t.ok(db <= total + 0.1, `${db} of ${total} ms`)
  }
  t.match(await timed('/health/live', customer), { status: 200, db: 0 })
})

t.test('a slow line says that it was the database, and no other request is charged with it', async (t) => {
  lines.length = 0
  let slow: ReturnType<typeof timed> | undefined
  let other: Awaited<ReturnType<typeof timed>> | undefined
  await db.transaction().execute(async (tx) => {
    await sql`lock table settings in access exclusive mode`.execute(tx)
    slow = timed('/v1/config', admin, { announcement: 'Closed on Friday' }, 'PATCH')
    const isWaiting = async () =>
      (await sql`select from pg_locks where not granted and relation = 'settings'::regclass`.execute(db)).rows
        .length > 0
    while (!(await isWaiting()));
    other = await timed('/v1/orders', customer)
    await sql`select pg_sleep(0.7)`.execute(tx)
  })
  const waited = await slow
  t.match(waited, { status: 200 })
  t.ok(Number(waited?.db) >= 700, `${waited?.db} ms`)
  const line = lines.find((line) => line.msg === 'request' && line.route === '/v1/config')
  t.match(line, { level: /warn|error/, slow: true, heapChangeBytes: Number })
  t.ok(Number(line?.db) >= 700, String(line?.db))
  t.ok(Number(other?.db) <= Number(other?.total) + 0.1, `${other?.db} of ${other?.total} ms`)
})
