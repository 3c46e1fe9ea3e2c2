import { randomUUID } from 'node:crypto'
import { type Caller, createAccessTokens } from '@comanda/access'
import { startTemporaryStack, testRedisNodes } from '@comanda/local-stack/testing'
import t from 'tap'
import { Type } from 'typebox'
import { createRedis, type LimitName } from '#src/index.ts'
import { limitPolicies } from '#src/limits/policies.ts'
import { redisReady } from '#src/testing/index.ts'
import { route, testConfig, testService } from '../support.ts'

const silent = { warn() {}, info() {} }
const tokens = createAccessTokens({ secret: 'a-secret-of-the-test' })

/** Addresses and users of one test alone: all tests share one Redis. */
let subnet = Math.floor(Math.random() * 60_000)
function fresh() {
  subnet += 1
  return { address: `10.${subnet >> 8}.${subnet & 255}.1`, user: randomUUID() }
}

async function limited(
  t: Parameters<typeof testService>[0],
  env: Record<string, string> = {},
  nodes = testRedisNodes(),
) {
  const redis = createRedis(testConfig({ REDIS_NODES: nodes, REDIS_COMMAND_TIMEOUT_MS: '20000' }), silent)
  await redisReady(redis)
  const service = await testService(t, {
    redis,
    authenticate: (token) => tokens.verify(token),
    env: { TRUST_PROXY: 'true', ...env },
  })
  const { app } = service
  const add = (url: string, limit: LimitName | 'none' | undefined, access: 'public' | 'authenticated') =>
    app.get(url, { config: { access, ...(limit && { limit }) }, schema: route(url) }, async () => ({}))
  add('/menu', undefined, 'public')
  add('/orders', undefined, 'authenticated')
  add('/payments', 'payments', 'authenticated')
  add('/more-payments', 'payments', 'authenticated')
  add('/free', 'none', 'public')
  app.post('/register', { config: { access: 'public' }, schema: route('Register') }, async () => ({}))
  const Login = Type.Object({ email: Type.String(), password: Type.String() })
  app.post(
    '/login',
    { config: { access: 'public', limit: 'login' }, schema: { ...route('Login'), body: Login } },
    async () => ({}),
  )
  const ask = (url: string, { address, user }: { address: string; user?: string }, payload?: object) => {
    const caller: Caller | undefined = user
      ? { userId: user, sessionId: 's', role: 'customer', memberships: {} }
      : undefined
    return app.inject({
      url,
      method: payload || url === '/register' ? 'POST' : 'GET',
      headers: {
        'x-forwarded-for': address,
        ...(caller && { authorization: `Bearer ${tokens.sign(caller)}` }),
      },
      ...(payload && { payload }),
    })
  }
  return { ...service, redis, ask }
}

t.test('the policy table is that of the requirements and can be overridden by the environment', async (t) => {
  const table = (env?: Record<string, string>) =>
    Object.fromEntries(
      Object.values(limitPolicies(testConfig(env))).map(({ name, max, windowMs }) => [name, [max, windowMs]]),
    )
  t.same(table(), {
    login: [5, 900_000],
    loginAddress: [600, 60_000],
    registration: [60, 3_600_000],
    payments: [10, 900_000],
    codes: [10, 60_000],
    api: [100, 60_000],
    expensive: [20, 60_000],
    veryExpensive: [10, 60_000],
    analytics: [30, 60_000],
    reports: [3, 300_000],
    default: [200, 900_000],
    publicRead: [6000, 60_000],
  })
  t.same(table({ RATE_LIMIT_LOGIN: '7/2h', RATE_LIMIT_PUBLIC_READ: '9/30s' }).login, [7, 7_200_000])
  t.same(table({ RATE_LIMIT_PUBLIC_READ: '9/30s' }).publicRead, [9, 30_000])
  t.throws(() => testConfig({ RATE_LIMIT_LOGIN: 'five' }), { message: /RATE_LIMIT_LOGIN/ })
})

t.test('a limit is announced, then enforced with a problem that says when to come back', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT_API: '3/1m' })
  const who = fresh()
  for (const remaining of ['2', '1', '0']) {
    const { statusCode, headers } = await ask('/orders', who)
    t.equal(statusCode, 200)
    t.equal(headers['ratelimit-limit'], '3')
    t.equal(headers['ratelimit-remaining'], remaining)
    t.ok(Number(headers['ratelimit-reset']) > 50)
  }
  const refused = await ask('/orders', who)
  t.equal(refused.statusCode, 429)
  const problem = refused.json()
  t.match(problem, { code: 'rate_limited', status: 429, retryAfter: Number })
  t.ok(problem.retryAfter > 50 && problem.retryAfter <= 60)
  t.equal(refused.headers['retry-after'], String(problem.retryAfter))
  t.equal(refused.headers['ratelimit-remaining'], '0')
})

t.test('the api limit is per user, whatever the address', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT_API: '2/1m' })
  const [ana, ben] = [fresh(), fresh()]
  const statuses = []
  for (const who of [ana, { ...ana, address: ben.address }, ana, { ...ben, address: ana.address }]) {
    statuses.push((await ask('/orders', who)).statusCode)
  }
  t.same(statuses, [200, 200, 429, 200])
})

t.test('routes with the same limit share its count, and other limits are not touched', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT_PAYMENTS: '2/1m' })
  const who = fresh()
  await ask('/payments', who)
  await ask('/more-payments', who)
  t.equal((await ask('/payments', who)).statusCode, 429)
  t.equal((await ask('/orders', who)).statusCode, 200)
})

t.test('logins are counted per account and address, after the body is read', async (t) => {
  const { ask } = await limited(t)
  const [here, there] = [fresh(), fresh()]
  const email = `${randomUUID()}@comanda.test`
  const login = (at: { address: string }, as = email) =>
    ask('/login', { address: at.address }, { email: as, password: 'x' })
  for (let i = 0; i < 5; i++)
    t.equal((await login(here, i % 2 ? email.toUpperCase() : email)).statusCode, 200)
  t.equal((await login(here)).statusCode, 429)
  t.equal((await login(here, `other-${email}`)).statusCode, 200, 'another account at this address')
  t.equal((await login(there)).statusCode, 200, 'the account at another address')
})

t.test('what nobody is logged in for is counted per address, IPv6 per /64', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT_DEFAULT: '2/1m' })
  const net = `2001:db8:${subnet.toString(16)}:${Math.floor(Math.random() * 65_535).toString(16)}`
  const statuses = []
  for (const address of [`${net}::1`, `${net}::2`, `${net}:a::3`, fresh().address]) {
    statuses.push((await ask('/register', { address })).statusCode)
  }
  t.same(statuses, [200, 200, 429, 200])
})

t.test('public reads are limited per address, taken in blocks that never exceed the limit', async (t) => {
  const { ask, redis } = await limited(t, { RATE_LIMIT_PUBLIC_READ: '300/1m' })
  const { address } = fresh()
  const before = await redis.get(`comanda:limit:{publicRead:${address}}:sum`)
  t.equal(before, null)
  const statuses: number[] = []
  for (let i = 0; i < 8; i++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('/menu', { address })))
    for (const { statusCode } of answers) statuses.push(statusCode)
  }
  t.equal(statuses.filter((status) => status === 200).length, 300)
  t.equal(statuses.filter((status) => status === 429).length, 100)
  const blocks = await redis.llen(`comanda:limit:{publicRead:${address}}`)
  t.ok(blocks < 30, `300 requests took ${blocks} blocks`)
})

t.test('a quiet address is counted exactly, one by one', async (t) => {
  const { ask, redis } = await limited(t)
  const { address } = fresh()
  await ask('/menu', { address })
  t.equal(await redis.get(`comanda:limit:{publicRead:${address}}:sum`), '1')
})

t.test('unknown addresses are limited too, routes without a limit and health are not', async (t) => {
  const { ask } = await limited(t, { RATE_LIMIT_PUBLIC_READ: '2/1m' })
  const { address } = fresh()
  const statuses = []
  for (const url of ['/nowhere', '/menu', '/nowhere', '/menu', '/free', '/health/live', '/health/ready']) {
    statuses.push((await ask(url, { address })).statusCode)
  }
  t.same(statuses, [404, 200, 429, 429, 200, 200, 200])
})

t.test('two services share one limit through Redis', async (t) => {
  const env = { RATE_LIMIT_API: '5/1m' }
  const [one, two] = [await limited(t, env), await limited(t, env)]
  const who = fresh()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).ask('/orders', who)),
  )
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 5)
})

t.test('limits can be switched off, except in production', async (t) => {
  const { ask } = await limited(t, { RATE_LIMITS: 'off', RATE_LIMIT_API: '1/1m' })
  const who = fresh()
  for (let i = 0; i < 3; i++) {
    const { statusCode, headers } = await ask('/orders', who)
    t.equal(statusCode, 200)
    t.equal(headers['ratelimit-limit'], undefined)
  }
  t.equal((await ask('/nowhere', who)).statusCode, 404)
})

t.test('when Redis goes away local limits take over, and the shared ones when it is back', async (t) => {
  const stack = await startTemporaryStack({ redis: true })
  t.teardown(() => stack.stop())
  const { ask, app, redis, lines } = await limited(t, { RATE_LIMIT_API: '3/1m' }, stack.redis.addresses)
  const who = fresh()
  const statuses = async (count: number) => {
    const found = []
    for (let i = 0; i < count; i++) found.push((await ask('/orders', who)).statusCode)
    return found
  }
  t.same(await statuses(2), [200, 200])
  await stack.redis.stop('SIGKILL')
  t.same(await statuses(5), [200, 200, 200, 429, 429], 'the local window counts by itself')
  t.match(await app.meter.registry.metrics(), /rate_limit_fallbacks_total [1-9]/)
  t.ok(lines.some((line) => line.msg === 'rate limits are local while redis is away'))
  t.match((await app.inject('/health')).json(), { status: 'degraded' })
  t.equal((await app.inject('/health/ready')).statusCode, 200)

  await stack.redis.start()
  await redisReady(redis)
  const other = fresh()
  while ((await redis.get(`comanda:limit:{api:${other.user}}:sum`).catch(() => null)) === null)
    await ask('/orders', other)
  t.equal((await app.inject('/health')).json().status, 'healthy')
})
