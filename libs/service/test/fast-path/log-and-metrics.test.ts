import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { answer, isRequest, listening } from './menu-service.ts'

t.test('an answer at hand has the headers, the line and the measure of any other', async (t) => {
  const environments: Record<string, string>[] = [
    {},
    { CORS_ORIGINS: 'https://canteen.example' },
    { RATE_LIMITS: 'off' },
  ]
  for (const env of environments) {
    const { app, lines, state, ask } = await listening(t, env)
    const quick = await ask({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })
    state.ready = false
    const usual = await ask({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })
    t.equal(quick.text, '{"ready":true}')
    t.equal(usual.text, '{"ready":false}')
    const names = (headers: object) => Object.keys(headers).toSorted()
    t.same(names(quick.headers), names(usual.headers))
    const own = new Set([
      'content-length',
      'date',
      'server-timing',
      'x-perf-time-ms',
      'x-request-id',
      'ratelimit-remaining',
      'ratelimit-reset',
      'vary',
    ])
    for (const [name, value] of Object.entries(usual.headers)) {
      if (!own.has(name)) t.equal(quick.headers[name], value, name)
    }
    const members = (header: unknown) => String(header).toLowerCase().split(', ').toSorted()
    for (const { headers } of [quick, usual]) {
      const expected = env.CORS_ORIGINS ? ['accept-encoding', 'origin'] : ['accept-encoding']
      t.same(members(headers['vary']), expected)
    }
    if (!('RATE_LIMITS' in env)) {
      t.equal(Number(usual.headers['ratelimit-remaining']), Number(quick.headers['ratelimit-remaining']) - 1)
    }
    const [quickLine, usualLine] = lines.filter(isRequest)
    t.same(Object.keys(quickLine ?? {}), Object.keys(usualLine ?? {}))
    t.match(quickLine, {
      ...usualLine,
      requestId: quick.headers['x-request-id'],
      time: String,
      durationMs: Number,
    })
    const metrics = await app.meter.registry.metrics()
    t.match(metrics, /http_requests_total\{method="GET",route="\/menu",status_code="200"\} 2/)
    t.match(metrics, /http_request_duration_seconds_count\{method="GET",route="\/menu",status_code="2xx"\} 2/)
  }
})

t.test('scrapes add up, whichever way requests were answered', async (t) => {
  const { app, state, ask } = await listening(t)
  const measured = async () => {
    const text = await app.meter.registry.metrics()
    const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
    const of = (status: string) => `method="GET",route="/menu",status_code="${status}"`
    const labels = of('2xx')
    const bucket = (bound: string) =>
      value(`http_request_duration_seconds_bucket\\{le="${bound}",${labels}\\}`)
    return {
      requests: value(`http_requests_total\\{${of('200')}\\}`),
      count: value(`http_request_duration_seconds_count\\{${labels}\\}`),
      buckets: [bucket('10'), bucket('\\+Inf')],
      sum: value(`http_request_duration_seconds_sum\\{${labels}\\}`),
    }
  }
  let sum = 0
  for (const [total, ready] of [
    [1, true],
    [2, false],
    [3, true],
    [4, true],
  ] as const) {
    state.ready = ready
    await ask()
    const now = await measured()
    t.match(now, { requests: total, count: total, buckets: [total, total] })
    t.ok(now.sum > sum && now.sum < 10)
    sum = now.sum
    t.same(await measured(), now, 'a scrape adds nothing of its own')
  }
})

t.test('when it is slow, its line says as much as that of any other slow answer', async (t) => {
  const slow = { warnMs: 20, errorMs: 600_000 }
  const { state, ask, lines } = await listening(t, {}, { slow })
  state.answer = wait(60).then(() => answer)
  t.equal((await ask()).text, '{"ready":true}')
  state.answer = undefined
  state.delayMs = 60
  t.equal((await ask()).text, '{"ready":false}')
  const [quick, usual] = lines.filter(isRequest)
  t.same(Object.keys(quick ?? {}), Object.keys(usual ?? {}))
  t.match(quick, { level: 'warn', slow: true, heapChangeBytes: Number, db: 0, cache: Number })
  t.ok(Number(quick?.cache) > 20, 'what it waited for is the cache')
})

t.test('addresses are those that a trusted proxy tells', async (t) => {
  for (const [env, address] of [
    [{ TRUST_PROXY: 'true' }, '203.0.113.7'],
    [{ TRUST_PROXY: '127.0.0.1,10.0.0.1' }, '203.0.113.7'],
    [{ TRUST_PROXY: '10.0.0.1' }, '127.0.0.1'],
    [{}, '127.0.0.1'],
  ] as const) {
    const { ask, lines, state } = await listening(t, env)
    await ask({ 'x-forwarded-for': '203.0.113.7' })
    state.ready = false
    await ask({ 'x-forwarded-for': '203.0.113.7' })
    t.same(
      lines.filter(isRequest).map((line) => line.address),
      [address, address],
    )
  }
})
