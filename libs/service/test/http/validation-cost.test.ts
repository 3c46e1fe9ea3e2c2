import { monitorEventLoopDelay } from 'node:perf_hooks'
import t from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const { app } = await testService(t, {
  env: { RATE_LIMITS: 'off', BODY_LIMIT_BYTES: '1000000' },
})
// The pattern takes twice as long for each letter more; no schema of ours has such a one, but none may matter either.
const Slow = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 20, pattern: '^(a+)+$' })),
    page: Type.Optional(Type.String({ maxLength: 100, format: 'uri' })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    tags: Type.Optional(Type.Array(Type.String({ maxLength: 5 }))),
  },
  { minProperties: 1 },
)
app.post(
  '/slow',
  { config: { access: 'public' }, schema: { ...route('Slow'), body: Slow } },
  async () => ({}),
)
app.get(
  '/slow',
  { config: { access: 'public' }, schema: { ...route('Slow'), querystring: Slow } },
  async () => ({}),
)
await app.ready()

/** The answer to a body, and the longest that the event loop stood still meanwhile, in milliseconds. */
async function post(payload: object) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/slow', payload })
  await new Promise((resolve) => void setTimeout(resolve, 20))
  delay.disable()
  return { status: statusCode, body, problem: JSON.parse(body), stalledMs: delay.max / 1e6 }
}

t.test('a text that is too long is not matched with its pattern', async (t) => {
  const { status, problem, stalledMs } = await post({ name: `${'a'.repeat(60)}!` })
  t.equal(status, 400)
  t.same(problem.errors, [{ field: 'name', message: 'must NOT have more than 20 characters' }])
  t.ok(stalledMs < 1_000, `the process stood still for ${stalledMs} ms`)
  const query = await app.inject({ url: `/slow?name=${'a'.repeat(60)}!` })
  t.same(query.json().errors, problem.errors)
})

t.test('a text within its length is', async (t) => {
  t.equal((await post({ name: 'aaa' })).status, 200)
  t.match((await post({ name: 'aab' })).problem.errors, [{ field: 'name', message: /must match pattern/ }])
  t.match((await post({ page: 'no address' })).problem.errors, [
    { field: 'page', message: /must match format/ },
  ])
  t.equal((await post({ page: 'https://comanda.test/', at: '2026-11-30T10:00:00Z' })).status, 200)
})

t.test('a text that is endless is in no format', async (t) => {
  const { status, problem, stalledMs } = await post({ at: ' '.repeat(900_000) })
  t.equal(status, 400)
  t.match(problem.errors, [{ field: 'at', message: /must match format/ }])
  t.ok(stalledMs < 1_000, `the process stood still for ${stalledMs} ms`)
})

t.test('all mistakes are listed while a body is small, counted in characters too', async (t) => {
  const tooLong = (length: number) => ({ tags: ['x'.repeat(length), 'y'.repeat(length)] })
  t.equal((await post(tooLong(6))).problem.errors.length, 2)
  t.equal((await post(tooLong(30_000))).problem.errors.length, 1)
})

t.test('an unknown member is named, however long its name is, in a short answer', async (t) => {
  const { status, body, problem } = await post({ [`nickname${'x'.repeat(200_000)}`]: 1 })
  t.equal(status, 400)
  t.match(problem.errors, [{ field: /^nicknamex{56}…$/, message: 'is unknown' }])
  t.ok(body.length < 1_000, `the answer has ${body.length} characters`)
})
