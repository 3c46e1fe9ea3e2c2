import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { openPlainDatabase } from '../../libs/database/src/index.ts'
import {
  asService,
  cloneTestDatabase,
  startServiceUnderTest,
  testRedisNodes,
} from '../../libs/local-stack/src/testing.ts'
import { seedCampus } from '../../libs/seed/src/index.ts'
import { chart, root } from './chart.ts'

const script = join(chart, 'files/smoke-test/main.mts')

/** What the pod of `helm test` does, and how it ends. */
async function smokeTest(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const account = { SMOKE_EMAIL: 'customer@comanda.test', SMOKE_PASSWORD: 'comanda-demo' }
  const options = {
    timeout: 120_000,
    env: { PATH: process.env['PATH'], ...account, SMOKE_TIMEOUT_SECONDS: '20', ...env },
  }
  return promisify(execFile)(process.execPath, [script], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: `${stdout}${stderr}` }),
  )
}

/** The three services over a seeded database, which gets its user as the chart passes it: outside of the URL. */
async function startFleet(t: Test) {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'smoke-test')
  await seedCampus(database.primary, { demoAccounts: true, password: 'comanda-demo' })
  const { host, pathname } = new URL(clone.url)
  const env = {
    DATABASE_URL: `postgres://${host}${pathname}?sslmode=disable`,
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '5',
    REDIS_NODES: testRedisNodes(),
    PAYMENT_PROVIDER: 'none',
    RATE_LIMITS: 'off',
  }
  // As in a pod: the login is not in the URL.
  const start = (name: string) => {
    const { username, password } = new URL(asService(clone.url, name))
    const login = { PGUSER: username, PGPASSWORD: password }
    return startServiceUnderTest(join(root, `services/${name}/src/server.ts`), { ...env, ...login })
  }
  const [orders, realtime, worker] = await Promise.all([start('orders'), start('realtime'), start('worker')])
  t.teardown(async () => {
    await Promise.all([orders, realtime, worker].map((service) => service.stop('SIGTERM')))
    await database.close()
    await clone.drop()
  })
  return { database, orders, realtime, worker }
}

const failure = { status: 500, body: '{}' }

/** The API, but what is broken is answered with the failure. */
async function breakRoute(
  t: Test,
  url: string,
  broken: (method: string, path: string) => boolean,
  answered: typeof failure = failure,
) {
  async function forward(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '', headers } = request
    const body = (await text(request)) || null
    if (broken(method, path)) return response.writeHead(answered.status).end(answered.body)
    const { host: _host, 'content-length': _length, connection: _connection, ...kept } = headers
    const answer = await fetch(`${url}${path}`, { method, headers: kept as Record<string, string>, body })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(await answer.text())
  }
  const server = createServer((request, response) => void forward(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('the smoke test places a real order, hears of it on a socket, and takes it back', async (t) => {
  const { database, orders, realtime, worker } = await startFleet(t)
  const fleet = { ORDERS_URL: orders.url, REALTIME_URL: realtime.url, WORKER_URL: worker.url }
  const patient = { SMOKE_TIMEOUT_SECONDS: '100' }
  const { code, output } = await smokeTest({ ...fleet, ...patient })
  t.equal(code, 0, output)
  t.match(output, /ok {2}the socket hears of it/)
  t.match(output, /the fleet takes orders/)
  const placed = await database.primary.selectFrom('orders').select(['status', 'totalCents']).execute()
  t.match(placed, [{ status: 'cancelled' }])
  const wallet = await database.primary
    .selectFrom('accounts')
    .select('balanceCents')
    .where('kind', '=', 'wallet')
    .execute()
  t.same(wallet, [{ balanceCents: 50_000 }], 'the money is back')

  const breaks: [what: string, method: string, path: RegExp, says: RegExp][] = [
    ['orders cannot be placed', 'POST', /^\/v1\/orders$/, /FAILED: an order is placed: .* 500/],
    ['orders cannot be read', 'GET', /^\/v1\/orders\/[^/]+$/, /FAILED: it can be read: .* 500/],
    ['the menu is broken', 'GET', /\/menu$/, /FAILED: an order is placed: .* 500/],
    ['nobody can log in', 'POST', /\/login$/, /FAILED: .* logs in: .* 500/],
    ['a component is not ready', 'GET', /^\/health\/ready$/, /FAILED: every component is ready: ORDERS_URL/],
  ]
  for (const [what, brokenMethod, brokenPath, says] of breaks) {
    await t.test(`it fails when ${what}`, async (t) => {
      const url = await breakRoute(
        t,
        orders.url,
        (method, path) => method === brokenMethod && brokenPath.test(path),
      )
      const result = await smokeTest({ ...fleet, ORDERS_URL: url })
      t.equal(result.code, 1)
      t.match(result.output, says)
    })
  }

  await t.test('it waits while the fleet has too much to do', async (t) => {
    const called = new Set<string>()
    const isFirst = (method: string, path: string) =>
      path.startsWith('/v1/') && called.size < called.add(`${method} ${path}`).size
    const overloaded = { status: 503, body: '{"code": "overloaded"}' }
    const url = await breakRoute(t, orders.url, isFirst, overloaded)
    const result = await smokeTest({ ...fleet, ...patient, ORDERS_URL: url })
    t.equal(result.code, 0, result.output)
    t.ok(called.has('POST /v1/orders'))
  })

  await t.test('it fails when the password is wrong', async (t) => {
    const result = await smokeTest({ ...fleet, SMOKE_PASSWORD: 'another-password' })
    t.equal(result.code, 1)
    t.match(result.output, /FAILED: .* logs in: .* 401/)
  })

  await t.test('it fails when events do not reach the sockets', async (t) => {
    await worker.stop('SIGTERM')
    const { WORKER_URL: _worker, ...without } = fleet
    const result = await smokeTest({ ...without, SMOKE_TIMEOUT_SECONDS: '4' })
    t.equal(result.code, 1)
    t.match(result.output, /FAILED: /)
  })

  await t.test('it fails when nobody answers', async (t) => {
    const result = await smokeTest({ ...fleet, REALTIME_URL: 'http://127.0.0.1:1' })
    t.equal(result.code, 1)
    t.match(result.output, /FAILED: every component is ready/)
  })
})
