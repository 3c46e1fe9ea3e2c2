import { randomUUID } from 'node:crypto'
import t from 'tap'
import { answerPeriod } from '#src/periods/periods.service.ts'
import { summaryNumbers } from '#src/summary/summary.queries.ts'
import { startTestApp } from './app.ts'
import { openKitchen } from './kitchen.ts'

const { call, as, owner, database, rollUp, statements } = await startTestApp(t, {
  CACHE: 'on',
  REDIS_PREFIX: `test-${randomUUID()}`,
})
const { cafeteriaId, addCustomer, order } = await openKitchen(owner)
await rollUp()
const url = `/v1/analytics/cafeterias/${cafeteriaId}/summary?from=2026-11-23&to=2026-11-23`
const manager = (userId = randomUUID()) =>
  as({ userId, role: 'manager', memberships: { [cafeteriaId]: 'manager' } })

t.test('one answer is kept for all who may have it, and nobody else is given it', async (t) => {
  const first = await call({ url, headers: manager() })
  t.equal(first.body.placed, 0)
  await order(await addCustomer(), { placed: '2026-11-23 12:00' })
  await rollUp()
  statements.length = 0
  const leaving = randomUUID()
  for (const headers of [manager(), manager(leaving), as({ userId: randomUUID(), role: 'admin' })]) {
    const kept = await call({ url, headers })
    t.same(kept.body, first.body, 'as old as its asOf says')
    t.equal(kept.headers['cache-control'], 'private, no-store')
  }
  t.equal(statements.length, 0)
  const without = as({ userId: leaving, role: 'manager', memberships: { [randomUUID()]: 'manager' } })
  t.equal((await call({ url, headers: without })).status, 404, 'who manages it no more')
  t.equal((await call({ url, headers: as({ userId: leaving }) })).status, 403)
  t.equal((await call({ url })).status, 401)
  const other = await call({ url: `${url}&compare=previous`, headers: manager() })
  t.equal(other.body.placed, 1, 'another question')
})

t.test('who has the answer already is told so', async (t) => {
  const { headers } = await call({ url, headers: manager() })
  const etag = String(headers.etag)
  t.equal((await call({ url, headers: { ...manager(), 'if-none-match': etag } })).status, 304)
})

t.test('what is answered of all that somebody manages is not kept', async (t) => {
  const headers = manager()
  const all = { url: '/v1/analytics/dashboard', headers }
  await call(all)
  statements.length = 0
  await call(all)
  t.equal(statements.length, 1)
})

t.test('today is asked for until midnight where the cafeteria is, and given days for ever', async (t) => {
  const { cafeteriaId: line } = await openKitchen(owner, 'Pacific/Kiritimati')
  await rollUp()
  const todayThere = () => new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Kiritimati' }).format()
  const changes = async (query: object) =>
    (await answerPeriod(database, line, query, summaryNumbers)).changesAt?.slice(0, 19)
  let today: string
  let found: (string | undefined)[]
  // Again when the day ends there meanwhile.
  do {
    today = todayThere()
    found = [await changes({}), await changes({ from: today })]
  } while (todayThere() !== today)
  const midnight = new Date(Date.parse(`${today}T00:00:00+14:00`) + 86_400_000).toISOString().slice(0, 19)
  t.same(found, [midnight, midnight])
  t.equal(await changes({ from: today, to: today }), undefined)
})
