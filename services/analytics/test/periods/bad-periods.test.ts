import { randomUUID } from 'node:crypto'
import t from 'tap'
import { openapi } from '#src/openapi.ts'
import { startTestApp } from '../app.ts'
import { openKitchen } from '../kitchen.ts'
import { paths } from '../operations.ts'

const { call, as, owner, rollUp } = await startTestApp(t)
const { cafeteriaId } = await openKitchen(owner, 'Pacific/Kiritimati')
await rollUp()
const headers = as({ userId: randomUUID(), role: 'admin' })
const ask = (part: string, query: string) =>
  call({ url: `/v1/analytics/cafeterias/${cafeteriaId}/${part}?${query}`, headers })

t.test('days that cannot be answered are refused by their name', async (t) => {
  const bad = [
    ['summary', 'from=2026-11-24&to=2026-11-23', 'to', /must not be before/],
    ['summary', 'from=2025-01-01&to=2026-11-23', 'to', /at most 399 days/],
    ['summary', 'from=2020-01-01', 'to', /at most 399 days/],
    ['timeline', 'bucket=hour&from=2026-10-01&to=2026-11-01', 'to', /at most 30 days/],
    ['timeline', 'bucket=hour&from=2000-01-01&compare=previous,lastWeek', 'to', /at most 30 days/],
    ['dashboard', 'from=2026-10-01&to=2026-11-01', 'to', /at most 30 days/],
    ['summary', 'from=2026-02-30', 'from', /date/],
    ['summary', 'from=yesterday', 'from', /./],
    ['timeline', 'bucket=year', 'bucket', /./],
    ['products', 'limit=0', 'limit', /./],
    ['products', 'limit=101', 'limit', /./],
    ['summary', 'compare=nextWeek', 'compare', /./],
    ['summary', 'until=2026-11-23', 'until', /./],
  ] as const
  for (const [part, query, field, message] of bad)
    t.match(
      await ask(part, query),
      { status: 400, body: { code: 'validation_failed', errors: [{ field, message }] } },
      `${part}?${query}`,
    )
})

t.test('today is where the cafeteria is, and one of two days is enough', async (t) => {
  const todayThere = () => new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Kiritimati' }).format()
  let today: string
  let asked: object[]
  // Again when the day ends there meanwhile.
  do {
    today = todayThere()
    asked = [(await ask('summary', '')).body, (await ask('summary', `from=${today}`)).body]
  } while (todayThere() !== today)
  for (const body of asked) t.match(body, { from: today, to: today })
  t.match((await ask('summary', 'to=2026-11-23')).body, { from: '2026-11-23', to: '2026-11-23' })
  t.match((await ask('summary', 'from=2090-01-01')).body, { from: '2090-01-01', to: '2090-01-01' })
  t.equal((await ask('summary', 'from=2025-10-20&to=2026-11-23')).status, 200, '400 days')
  t.match((await ask('summary', 'from=2026-11-10&to=2026-11-12&compare=previous,lastWeek')).body, {
    previous: { from: '2026-11-07', to: '2026-11-09' },
    lastWeek: { from: '2026-11-03', to: '2026-11-05' },
  })
})

t.test('a day before the first that can be asked for is as the document describes it', async (t) => {
  const { components } = (await openapi()) as { components: { schemas: Record<string, any> } }
  const { date } = components.schemas['TimelineBucket'].properties
  const { body } = await ask('timeline', 'from=2000-01-01&to=2000-01-01&bucket=hour&compare=previous')
  const [first] = body.previous.buckets
  t.equal(first.date, '1999-12-31')
  t.match(first.date, new RegExp(date.pattern ?? ''))
})

t.test('before anything was ever counted, nothing is said to be known', async (t) => {
  await owner.deleteFrom('eventPositions').where('consumer', '=', 'rollups').execute()
  let body = (await ask('summary', '')).body
  while (body.asOf !== null) body = (await ask('summary', '')).body
  t.match(body, { asOf: null, placed: 0 })
  for (const url of Object.values(paths(cafeteriaId))) t.equal((await call({ url, headers })).status, 200)
})
