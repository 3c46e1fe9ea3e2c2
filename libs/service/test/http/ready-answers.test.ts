import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAccessTokens } from '@comanda/access'
import t, { type Test } from 'tap'
import type { ReadyAnswer } from '#src/index.ts'
import { type LogLine, route, testService } from '../support.ts'

const body = Buffer.from('{"ready":true}')
const head = [
  'content-type',
  'application/json; charset=utf-8',
  'content-length',
  String(body.length),
  'vary',
  'accept-encoding',
]
const counts = { memoryHits: 0 }
const answer: ReadyAnswer = { route: '/menu', limit: 'publicRead', status: 200, head, body, counts }
const tokens = createAccessTokens({ secret: 'a-secret-of-the-test' })

/** A listening service whose `/menu` is answered by a handler, or, when `ready` says so, without one. */
async function listening(t: Test, env: Record<string, string> = {}) {
  const service = await testService(t, { env, authenticate: (token) => tokens.verify(token) })
  const { app } = service
  const state = { ready: true, asked: 0 }
  app.get('/menu', { config: { access: 'public' }, schema: route('Menu') }, (_request, reply) =>
    reply.type('application/json').send('{"ready":false}'),
  )
  app.findReadyAnswer = ({ url }) => {
    state.asked++
    return state.ready && url?.startsWith('/menu') ? answer : undefined
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { ...service, state, ask: (headers = {}, method = 'GET') => ask(port, method, headers) }
}

function ask(port: number, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const request = send(
        { port, host: '127.0.0.1', path: '/menu', method, headers, agent: false },
        (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
        },
      )
      request.on('error', reject)
      request.end()
    },
  )
}

const exposed = 'access-control-expose-headers'
const isRequest = (line: LogLine) => line.msg === 'request'

t.test('a ready answer has the headers, the line and the measure of any other', async (t) => {
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
    // Only a page of another origin, which goes the usual way, could make use of it.
    const names = (headers: object) =>
      Object.keys(headers)
        .filter((name) => name !== exposed)
        .toSorted()
    t.same(names(quick.headers), [...new Set([...names(usual.headers), 'vary'])].toSorted())
    const own = new Set([
      exposed,
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
    t.same(
      members(quick.headers['vary']),
      env.CORS_ORIGINS ? ['accept-encoding', 'origin'] : ['accept-encoding'],
    )
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

t.test('a ready answer counts for the limit, and what is over it is refused', async (t) => {
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
  t.equal(state.asked, 0)
})

t.test('while draining, a ready answer sends its client elsewhere', async (t) => {
  const { app, ask } = await listening(t)
  app.startDraining()
  const { headers, text } = await ask()
  t.equal(text, '{"ready":true}')
  t.equal(headers['connection'], 'close')
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
