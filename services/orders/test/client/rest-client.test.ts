import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import {
  createRestClient,
  getMe,
  listOrders,
  type NewOrder,
  ProblemError,
  type RestClientOptions,
} from '@comanda/client/rest'
import t, { type Test } from 'tap'
import { password } from '../accounts/people.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { type Campus, startCampusApp } from '../orders/campus-app.ts'
import { traces } from '../orders/traces.ts'
import { startNetwork } from './network.ts'

const campusApp = await startCampusApp(t)
const { campus, database } = campusApp
const db = database.primary
const url = await listen(campusApp)
const order: NewOrder = orderOf(campus)

async function listen({ app }: TestApp): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

function orderOf({ cafeteria, product }: Campus): NewOrder {
  return {
    cafeteriaId: cafeteria.id,
    items: [{ productId: product.id, quantity: 1 }],
    pickup: 'asap',
    payment: { method: 'wallet' },
  }
}

/** A client with short pauses behind a network of its own, and an account with money. */
async function startClient(t: Test, options: Partial<RestClientOptions> = {}) {
  const network = await startNetwork(t, url)
  const email = `${randomUUID()}@comanda.test`
  const { body } = await campusApp.call({
    method: 'POST',
    url: '/v1/auth/register',
    body: { email, password, name: 'Ana' },
  })
  const userId = String(body.user.id)
  await db
    .insertInto('accounts')
    .values({ id: userId, kind: 'wallet', currency: 'MXN', balanceCents: 100_000 })
    .execute()
  const rest = createRestClient({
    apiUrl: network.url,
    retry: { attempts: 3, backoff: { firstMilliseconds: 10, mostMilliseconds: 2000 } },
    ...options,
  })
  const orders = async () =>
    (await db.selectFrom('orders').select('id').where('userId', '=', userId).execute()).map(({ id }) => id)
  return { rest, network, account: { email, password }, userId, orders }
}

/** What a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof ProblemError) return error
  throw new Error('the call was not refused', { cause: error })
}

t.test('logged in, one calls what is generated, and places an order', async (t) => {
  const { rest, account, userId, orders } = await startClient(t)
  t.equal(rest.user(), null)
  await t.rejects(rest.accessToken(), { message: 'nobody is logged in' })
  t.match(await rest.logIn(account), { id: userId, email: account.email })
  const { client } = rest
  t.equal((await getMe({ client })).data.id, userId)
  const placed = await rest.placeOrder(order)
  t.match(placed, { status: 'placed', totalCents: campus.product.priceCents })
  t.strictSame(await orders(), [placed.id])
  const { data } = await listOrders({ client, query: { fields: ['id'] } })
  t.strictSame(data.data, [{ id: placed.id }])
})

t.test('logged out, the session is over at the service too', async (t) => {
  const { rest, account, userId } = await startClient(t)
  await rest.logIn(account)
  await rest.logOut()
  await rest.logOut()
  t.equal(rest.user(), null)
  t.match(await refusal(getMe({ client: rest.client })), { status: 401, code: 'access_token_missing' })
  const revoked = await db
    .selectFrom('sessions')
    .select('id')
    .where('userId', '=', userId)
    .where('revokedAt', 'is not', null)
    .execute()
  t.equal(revoked.length, 1)
})

t.test('a refused access token is exchanged once for requests at the same time', async (t) => {
  const { rest, network, account, userId } = await startClient(t)
  await rest.logIn(account)
  const before = await rest.accessToken()
  // The fleet has replaced its key, so tokens of before are not valid any more.
  const other = await startTestApp(t, {
    DATABASE_URL: campusApp.config.DATABASE_URL,
    ACCESS_TOKEN_SECRET: 'another secret for access tokens, which is long enough',
  })
  network.leadTo(await listen(other))
  network.requests.length = 0
  const { client } = rest
  const [me, orders, placed] = await Promise.all([
    getMe({ client }),
    listOrders({ client }),
    rest.placeOrder(order),
  ])
  t.equal(me.data.id, userId)
  t.ok(Array.isArray(orders.data.data))
  t.equal(placed.status, 'placed')
  t.not(await rest.accessToken(), before)
  t.strictSame(network.requests.toSorted(), [
    'GET /v1/me',
    'GET /v1/me',
    'GET /v1/orders',
    'GET /v1/orders',
    'POST /v1/auth/refresh',
    'POST /v1/orders',
    'POST /v1/orders',
  ])
  network.requests.length = 0
  await getMe({ client })
  t.strictSame(network.requests, ['GET /v1/me'], 'the new token is kept')
})

t.test('an access token that is about to expire is exchanged before it is used', async (t) => {
  const { rest, network, account } = await startClient(t)
  await rest.logIn(account)
  network.requests.length = 0
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => now() + 880_000
  await Promise.all([getMe({ client: rest.client }), getMe({ client: rest.client })])
  t.strictSame(network.requests, ['POST /v1/auth/refresh', 'GET /v1/me', 'GET /v1/me'])
})

t.test('a session that has ended is forgotten, and the refusal says so', async (t) => {
  const { rest, account, userId } = await startClient(t)
  await rest.logIn(account)
  await db
    .updateTable('sessions')
    .set({ revokedAt: new Date().toISOString() })
    .where('userId', '=', userId)
    .execute()
  t.match(await refusal(rest.accessToken(true)), { status: 401, code: 'refresh_token_invalid' })
  t.equal(rest.user(), null)
  t.match(await rest.logIn(account), { id: userId })
})

t.test('an order whose first answer is lost is placed once', async (t) => {
  const { rest, network, account, orders } = await startClient(t)
  await rest.logIn(account)
  network.next('POST /v1/orders', 'lost')
  const before = (await traces(campusApp)) as { orders: string; payments: string }
  const placed = await rest.placeOrder(order)
  t.equal(network.requests.filter((request) => request === 'POST /v1/orders').length, 2)
  t.strictSame(await orders(), [placed.id])
  t.match(await traces(campusApp), {
    orders: Number(before.orders) + 1,
    payments: Number(before.payments) + 1,
  })
})

t.test('an order is placed again with its key after the application gave up', async (t) => {
  const { rest, network, account, orders } = await startClient(t)
  await rest.logIn(account)
  network.next('POST /v1/orders', 'lost', 'lost', 'lost')
  const idempotencyKey = randomUUID()
  await t.rejects(rest.placeOrder(order, { idempotencyKey }), { name: 'TypeError' })
  t.equal((await orders()).length, 1)
  const placed = await rest.placeOrder(order, { idempotencyKey })
  t.strictSame(await orders(), [placed.id])
})

t.test(
  'an order is sent again after a 503, no sooner than it says, and not when it says too long',
  async (t) => {
    const { rest, network, account, orders } = await startClient(t)
    await rest.logIn(account)
    network.next(
      'POST /v1/orders',
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 502, headers: {} },
    )
    const started = performance.now()
    const placed = await rest.placeOrder(order)
    t.ok(performance.now() - started >= 990)
    t.strictSame(await orders(), [placed.id])

    network.requests.length = 0
    network.next('POST /v1/orders', { status: 503, headers: { 'retry-after': '60' } })
    const refused = await refusal(rest.placeOrder(order))
    t.match(refused, {
      status: 503,
      code: 'unexpected_answer',
      requestId: null,
      retryAfterSeconds: 60,
      problem: null,
    })
    t.strictSame(network.requests, ['POST /v1/orders'])
  },
)

t.test('a signal ends the pause before the next attempt', async (t) => {
  const { rest, network, account, orders } = await startClient(t)
  await rest.logIn(account)
  const stopping = new AbortController()
  network.next('POST /v1/orders', { status: 503, headers: { 'retry-after': '2' } })
  const placing = rest.placeOrder(order, { signal: stopping.signal })
  setTimeout(() => stopping.abort(), 100)
  await t.rejects(placing, { name: 'AbortError' })
  t.strictSame(await orders(), [])
})

t.test('a refusal is typed, and is not sent again', async (t) => {
  const { rest, network, account, orders } = await startClient(t)
  t.match(await refusal(rest.logIn({ ...account, password: 'another password' })), {
    status: 401,
    code: 'invalid_credentials',
  })
  await rest.logIn(account)
  network.requests.length = 0
  const refused = await refusal(rest.placeOrder({ ...order, expectedTotalCents: 1 }))
  t.match(refused, {
    name: 'ProblemError',
    code: 'price_changed',
    status: 409,
    detail: /./,
    requestId: /./,
    retryAfterSeconds: null,
    problem: { type: 'urn:comanda:problem:price_changed', instance: '/v1/orders' },
  })
  t.equal(refused.message, refused.detail)
  t.strictSame(network.requests, ['POST /v1/orders'])
  t.strictSame(await orders(), [])
})
