import { Agent, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createAccessTokens } from '@comanda/access'
import t, { type Test } from 'tap'
import type { FastPathAnswer, FastPathLookup, ServiceOptions } from '#src/index.ts'
import { type LogLine, route, testService } from '../support.ts'

const body = Buffer.from('{"ready":true}')
const head = ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)]
const counts = { memoryHits: 0 }
const target = {
  url: '/menu',
  route: '/menu',
  limit: 'publicRead',
  headers: ['vary', 'accept-encoding', 'cache-control', 'no-store'],
} as const
const answer: FastPathAnswer = { target, status: 200, head, body, counts }
const tokens = createAccessTokens({ secret: 'a-secret-of-the-test' })

/** A listening service whose `/menu` is answered by a handler, or, when `ready` says so, without one. */
async function listening(t: Test, env: Record<string, string> = {}, options: Partial<ServiceOptions> = {}) {
  const service = await testService(t, { ...options, env, authenticate: (token) => tokens.verify(token) })
  const { app } = service
  const state = { ready: true, asked: 0, answer: answer as ReturnType<FastPathLookup>, delayMs: 0 }
  app.get('/menu', { config: { access: 'public' }, schema: route('Menu') }, async (_request, reply) => {
    if (state.delayMs > 0) await wait(state.delayMs)
    return reply.type('application/json').send('{"ready":false}')
  })
  app.fastPathLookup = ({ url }) => {
    state.asked++
    return state.ready && url?.startsWith('/menu') ? state.answer : undefined
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  return { ...service, state, port, ask: (headers = {}, method = 'GET') => ask(agent, port, method, headers) }
}

function ask(agent: Agent, port: number, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const request = send({ port, host: '127.0.0.1', path: '/menu', method, headers, agent }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      })
      request.on('error', reject)
      request.end()
    },
  )
}

/** All that comes back on one connection, until so many answers have begun and nothing more arrives. */
async function converse(port: number, requests: string, answers: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let text = ''
  let grownAt = performance.now()
  socket.on('data', (chunk) => {
    text += String(chunk)
    grownAt = performance.now()
  })
  socket.write(requests)
  while (text.split('HTTP/1.1 ').length - 1 < answers || performance.now() - grownAt < 50) await wait(10)
  socket.destroy()
  return text
}

const namesIn = (lines: string[]) =>
  lines.filter((line) => line.includes(': ')).map((line) => line.slice(0, line.indexOf(':')).toLowerCase())

const isRequest = (line: LogLine) => line.msg === 'request'

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
    t.match(metrics, /http_request_duration_seconds_count\{method="GET",route="\/menu",status_code="200"\} 2/)
  }
})

t.test('scrapes add up, whichever way requests were answered', async (t) => {
  const { app, state, ask } = await listening(t)
  const measured = async () => {
    const text = await app.meter.registry.metrics()
    const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
    const labels = 'method="GET",route="/menu",status_code="200"'
    const bucket = (bound: string) =>
      value(`http_request_duration_seconds_bucket\\{le="${bound}",${labels}\\}`)
    return {
      requests: value(`http_requests_total\\{${labels}\\}`),
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

t.test('an answer at hand counts for the limit, and what is over it is refused', async (t) => {
  const { ask } = await listening(t, { RATE_LIMIT_PUBLIC_READ: '3/1m' })
  const before = counts.memoryHits
  const answers = []
  for (let time = 0; time < 5; time++) answers.push(await ask())
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200, 429, 429],
  )
  t.same(
    answers.slice(0, 3).map(({ headers }) => headers['ratelimit-remaining']),
    ['2', '1', '0'],
  )
  t.equal(counts.memoryHits - before, 3, 'only what was sent is counted')
  t.match(answers[3]?.headers, { 'content-type': /problem/, 'retry-after': /\d/ })
})

t.test('who logged in is named in the log, and a bad token changes nothing', async (t) => {
  const { ask, lines } = await listening(t)
  const caller = { userId: 'ana', sessionId: 's', role: 'customer', memberships: {} } as const
  const known = await ask({ authorization: `Bearer ${tokens.sign(caller)}` })
  t.equal(known.text, '{"ready":true}')
  t.match(lines.find(isRequest), { user: 'ana' })
  t.equal((await ask({ authorization: 'Bearer nonsense' })).text, '{"ready":false}', 'the usual way')
})

t.test('what is unusual goes the usual way', async (t) => {
  const { ask, state } = await listening(t, { CORS_ORIGINS: 'https://canteen.example' })
  t.equal((await ask({ 'content-encoding': 'gzip' })).status, 415)
  t.equal((await ask({}, 'HEAD')).text, '')
  t.equal((await ask({}, 'DELETE')).status, 405)
  const crossing = await ask({ origin: 'https://canteen.example' })
  t.equal(crossing.headers['access-control-allow-origin'], 'https://canteen.example')
  t.equal((await ask({ connection: 'close' })).headers['connection'], 'close')
  t.equal(state.asked, 0)
})

t.test('while draining, its client is sent elsewhere, the usual way', async (t) => {
  const { app, ask } = await listening(t)
  app.startDraining()
  const { headers, text } = await ask()
  t.equal(text, '{"ready":false}')
  t.equal(headers['connection'], 'close')
})

t.test('on the wire it is what Node itself makes of a head', async (t) => {
  const { state, port } = await listening(t)
  const unchanged: FastPathAnswer = { target, status: 304, head: ['etag', '"1"'] }
  const request = 'GET /menu HTTP/1.1\r\nhost: canteen\r\n\r\n'
  const lines = async (answers: number) => (await converse(port, request, answers)).split('\r\n')
  const [start, ...rest] = await lines(1)
  t.equal(start, 'HTTP/1.1 200 OK')
  t.equal(rest.at(-1), '{"ready":true}')
  state.ready = false
  const [, ...usual] = await lines(1)
  state.ready = true
  t.same(namesIn(rest).toSorted(), namesIn(usual).toSorted())
  for (const line of usual.filter((line) => /^(connection|keep-alive):/i.test(line)))
    t.ok(rest.includes(line), line)
  // A second may begin between the two.
  const dateOf = (lines: string[]) => lines.find((line) => line.startsWith('Date: '))?.slice(6) ?? ''
  const [date, usualDate] = [dateOf(rest), dateOf(usual)]
  t.equal(new Date(Date.parse(date)).toUTCString(), date, 'written as Node writes it')
  t.ok(Date.parse(usualDate) - Date.parse(date) <= 60_000 && Date.parse(date) <= Date.parse(usualDate))
  state.answer = unchanged
  const [unchangedStart, ...unchangedRest] = await lines(1)
  t.equal(unchangedStart, 'HTTP/1.1 304 Not Modified')
  t.ok(unchangedRest.includes('etag: "1"'))
  t.same(unchangedRest.slice(-2), ['', ''], 'without a body')
})

t.test('requests in a row get their answers in a row', async (t) => {
  const { state, port } = await listening(t)
  const asked = (id: string) => `GET /menu HTTP/1.1\r\nhost: canteen\r\nx-request-id: ${id}\r\n\r\n`
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`)
  for (const found of [answer, Promise.resolve(answer)]) {
    state.answer = found
    const text = await converse(port, ids.map(asked).join(''), ids.length)
    t.same(
      [...text.matchAll(/x-request-id: (\S+)/g)].map(([, id]) => id),
      ids,
    )
    t.equal(text.split('{"ready":true}').length - 1, ids.length)
  }
})

t.test('what is a look away is answered after it, or the usual way when it is not there', async (t) => {
  const { state, ask, lines } = await listening(t)
  const later = <T>(found: T) => wait(300).then(() => found)
  state.answer = later(answer)
  const found = await ask()
  t.equal(found.text, '{"ready":true}')
  t.ok(Number(/cache;dur=([\d.]+)/.exec(String(found.headers['server-timing']))?.[1]) >= 25)
  t.match(lines.find(isRequest), { status: 200, durationMs: Number })
  state.answer = later(undefined)
  t.equal((await ask()).text, '{"ready":false}')
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

t.test('a client that does not wait for it harms nobody', async (t) => {
  const { state, port, ask, lines } = await listening(t)
  for (const found of [answer, undefined]) {
    lines.length = 0
    state.answer = wait(50).then(() => found)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /menu HTTP/1.1\r\nhost: canteen\r\n\r\n')
    await wait(20)
    socket.destroy()
    while (!lines.some(isRequest)) await wait(10)
    t.match(lines.filter(isRequest), [{ status: 499, path: '/menu' }])
    state.answer = answer
    t.equal((await ask()).text, '{"ready":true}')
  }
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
