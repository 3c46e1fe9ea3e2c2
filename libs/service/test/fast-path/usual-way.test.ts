import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { answer, counts, isRequest, listening, tokens } from './menu-service.ts'

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
