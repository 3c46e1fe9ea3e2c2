import { request as httpRequest } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { Type } from 'typebox'
import { addTiming, logEvent, logTiming } from '#src/index.ts'
import { route, testService } from '../support.ts'

const open = { access: 'public' } as const

t.test('a request is one line with its facts, and nothing of its query, body or headers', async (t) => {
  const { app, lines } = await testService(t, {
    authenticate: () => ({ userId: 'u7', sessionId: 's', role: 'customer', memberships: {} }),
  })
  const schema = { ...route('Login'), body: Type.Object({ password: Type.String() }) }
  app.post('/things/:id', { config: { access: 'authenticated' }, schema }, async () => ({ ok: true }))
  await app.inject({
    method: 'POST',
    url: '/things/7?key=in-the-query',
    headers: {
      authorization: 'Bearer in-the-header',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    payload: { password: 'in-the-body' },
  })
  t.equal(lines.length, 1)
  t.match(lines[0], {
    level: 'info',
    msg: 'request',
    service: 'test',
    method: 'POST',
    route: '/things/:id',
    path: '/things/7',
    user: 'u7',
    status: 200,
    durationMs: Number,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    requestId: String,
  })
  t.notMatch(JSON.stringify(lines), /in-the-/)
})

t.test('a trace id that is not one is left out', async (t) => {
  const { app, lines } = await testService(t)
  for (const traceparent of ['00-123-456-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'nonsense']) {
    await app.inject({ url: '/nowhere', headers: { traceparent } })
    t.notOk('traceId' in (lines.at(-1) ?? {}), traceparent)
  }
})

t.test('secrets in a logged object are redacted', async (t) => {
  const { app, lines } = await testService(t)
  app.log.info(
    { password: 'p1', user: { token: 't1', name: 'Ana' }, req: { headers: { authorization: 'a1' } } },
    'x',
  )
  t.match(lines[0], { password: '[redacted]', user: { token: '[redacted]', name: 'Ana' } })
  t.notMatch(JSON.stringify(lines), /p1|t1|a1/)
})

t.test(
  'slow requests are warnings, very slow ones errors, with timings and the change of the heap',
  async (t) => {
    const { app, lines } = await testService(t, { slow: { warnMs: 20, errorMs: 60 } })
    app.get('/wait/:ms', { config: open, schema: route('Wait') }, async (request) => {
      await wait(Number((request.params as { ms: string }).ms))
      addTiming('db', 12.5)
      return {}
    })
    await app.inject('/wait/0')
    await app.inject('/wait/30')
    await app.inject('/wait/80')
    const [fast, slow, verySlow] = lines
    t.match(fast, { level: 'info', status: 200 })
    t.notOk('slow' in (fast ?? {}))
    t.match(slow, {
      level: 'warn',
      slow: true,
      heapChangeBytes: Number,
      db: 12.5,
      route: '/wait/:ms',
      user: null,
    })
    t.match(verySlow, { level: 'error', slow: true, status: 200 })
  },
)

t.test('every response says where its time went, also after a body was read over a socket', async (t) => {
  const { app } = await testService(t)
  app.post('/work', { config: open, schema: { ...route('Work'), body: Type.Object({}) } }, async () => {
    addTiming('db', 3)
    await wait(1)
    addTiming('db', 4.25)
    addTiming('cache', 1)
    return {}
  })
  app.get('/idle', { config: open, schema: route('Idle') }, async () => ({}))
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(base + path, init)
    return [response.headers.get('server-timing'), response.headers.get('x-perf-time-ms')]
  }
  const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  const [[work, perf], [idle]] = await Promise.all([ask('/work', post), ask('/idle')])
  t.match(work, /^total;dur=[\d.]+, db;dur=7\.\d, cache;dur=1\.0$/)
  t.match(perf, /^\d+\.\d$/)
  t.match(idle, /db;dur=0\.0, cache;dur=0\.0/, 'requests at the same time do not mix')
  addTiming('db', 1)
  t.match((await ask('/nowhere'))[0], /^total;dur=/, 'errors too')
})

t.test('a client that goes away leaves one line and no request in flight', async (t) => {
  const { app, lines } = await testService(t)
  const arrived = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  app.get('/long', { config: open, schema: route('Long') }, async (request) => {
    request.raw.on('close', left.resolve)
    arrived.resolve()
    await left.promise
    return {}
  })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const request = httpRequest(`${base}/long`).on('error', () => {})
  request.end()
  await arrived.promise
  request.destroy()
  await left.promise
  await wait(50)
  t.equal(lines.filter((line) => line.route === '/long').length, 1)
  t.match(
    lines.find((line) => line.route === '/long'),
    { status: 499, msg: 'request' },
  )
  const text = await app.meter.registry.metrics()
  t.match(text, /http_requests_in_flight 0/)
  t.match(text, 'http_requests_total{method="GET",route="/long",status_code="499"} 1')
})

t.test('probes are logged at debug while they answer well', async (t) => {
  const { app, lines } = await testService(t)
  await app.inject('/health/live')
  t.match(lines[0], { level: 'debug', route: '/health/live' })
})

t.test('a probe that hears that the process is draining is no error', async (t) => {
  const broken = {
    name: 'database',
    needed: 'ready' as const,
    check: () => Promise.reject(new Error('lost')),
  }
  const { app, lines } = await testService(t, { health: [broken] })
  t.equal((await app.inject('/health/ready')).statusCode, 503)
  t.match(lines, [{ level: 'error', route: '/health/ready', status: 503 }])
  lines.length = 0
  app.startDraining()
  const draining = await app.inject('/health/ready')
  t.match(draining.json(), { status: 'draining' })
  t.match(lines, [{ level: 'debug', route: '/health/ready', status: 503 }])
})

t.test('business events and timings are lines of a constant shape', async (t) => {
  const { app, lines } = await testService(t)
  logEvent(app.log, 'order_placed', { orderId: 'o1' })
  t.equal(await logTiming(app.log, 'import', async () => 7), 7)
  await t.rejects(logTiming(app.log, 'import', async () => Promise.reject(new Error('no'))))
  t.match(lines[0], { msg: 'event', event: 'order_placed', orderId: 'o1' })
  t.match(lines[1], { msg: 'timing', operation: 'import', ok: true, durationMs: Number })
  t.match(lines[2], { msg: 'timing', operation: 'import', ok: false })
})
