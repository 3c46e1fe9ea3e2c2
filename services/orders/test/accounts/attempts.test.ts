import { randomInt, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { password } from './people.ts'

const { call, app } = await startTestApp(t, {
  RATE_LIMITS: 'on',
  TRUST_PROXY: 'true',
  // Exact limits are tested elsewhere; here is what failures do.
  RATE_LIMIT_REGISTRATION: '200/1h',
  RATE_LIMIT_LOGIN: '100/15m',
})

/** All tests share one Redis, so each takes addresses of its own. */
const freshAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
const freshEmail = () => `${randomUUID()}@comanda.test`
const post = (url: string, from: string, payload: object) =>
  call({ method: 'POST', url, headers: { 'x-forwarded-for': from }, payload })
const register = (from: string, email: string) => post('/v1/auth/register', from, { email, password })
const login = (from: string, email: string, tried = password) =>
  post('/v1/auth/login', from, { email, password: tried })

t.test('a pair that fails again and again waits, and others at the address do not', async (t) => {
  const [from, email, other] = [freshAddress(), freshEmail(), freshEmail()]
  await register(from, email)
  for (let count = 0; count < 6; count++) t.equal((await login(from, other, 'wrong')).status, 401)
  t.match(await login(from, other, 'wrong'), {
    status: 429,
    body: { code: 'rate_limited', retryAfter: Number },
  })
  t.equal((await login(from, email)).status, 200)
})

t.test('whoever asks by registering who has an account has to stop soon', async (t) => {
  const [email, from] = [freshEmail(), freshAddress()]
  t.equal((await register(freshAddress(), email)).status, 201)
  const statuses = []
  for (let count = 0; count < 24; count++) statuses.push((await register(from, email)).status)
  t.same(
    statuses.slice(0, 21),
    Array.from({ length: 21 }, () => 409),
  )
  t.same(statuses.slice(21), [429, 429, 429])
})

t.test(
  'registering tells no more to who changes address within a network, asks for one account, or registers in between',
  async (t) => {
    const network = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`
    const within = () =>
      `${network}:${randomInt(1, 65_536).toString(16)}::${randomInt(1, 65_536).toString(16)}`
    const taken = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const email = freshEmail()
        t.equal((await register(freshAddress(), email)).status, 201)
        return email
      }),
    )
    const statuses = []
    for (const [at, email] of taken.entries()) {
      // An account of one's own takes back no failure.
      if (at % 5 === 0 && at < 20) t.equal((await register(within(), freshEmail())).status, 201)
      statuses.push((await register(within(), email)).status)
    }
    t.same(
      statuses,
      taken.map((_, at) => (at < 21 ? 409 : 429)),
    )
    // Whoever has to wait is told the same of an address without an account.
    t.match(await register(within(), freshEmail()), { status: 429, body: { code: 'rate_limited' } })
    t.equal((await register(freshAddress(), freshEmail())).status, 201, 'others need not wait')
  },
)

t.test('logins that were left behind keep nobody waiting', async (t) => {
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const [email, home] = [freshEmail(), freshAddress()]
  await register(home, email)
  const timeOfLogin = async () => {
    const started = performance.now()
    t.equal((await login(home, email)).status, 200)
    return performance.now() - started
  }
  const before = await timeOfLogin()
  let arrived = 0
  app.server.on('request', () => {
    arrived += 1
  })
  const left = Array.from({ length: 90 }, () => {
    const from = freshAddress()
    const body = JSON.stringify({ email: freshEmail(), password: 'never mind' })
    const request = httpRequest({
      port,
      method: 'POST',
      path: '/v1/auth/login',
      headers: { 'x-forwarded-for': from, 'content-type': 'application/json', 'content-length': body.length },
    })
    request.on('error', () => {})
    request.end(body)
    return request
  })
  while (arrived < left.length) await setTimeout(5)
  for (const request of left) request.destroy()
  const waited = await timeOfLogin()
  const usual = Math.max(before, await timeOfLogin())
  t.ok(waited < usual * 10 + 500, `${waited} ms instead of ${usual} ms`)
})
