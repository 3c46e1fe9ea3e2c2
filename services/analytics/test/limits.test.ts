import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startTestApp } from './app.ts'
import { openKitchen } from './kitchen.ts'
import { paths } from './operations.ts'

const { call, as, owner, rollUp } = await startTestApp(t, {
  RATE_LIMITS: 'on',
  CACHE: 'on',
  REDIS_PREFIX: `test-${randomUUID()}`,
  RATE_LIMIT_ANALYTICS: '13/1h',
})
const { cafeteriaId } = await openKitchen(owner)
await rollUp()

t.test('all questions of a caller count against one limit, kept answers and refusals too', async (t) => {
  const headers = as({ userId: randomUUID(), role: 'admin' })
  for (const url of Object.values(paths(cafeteriaId))) t.equal((await call({ url, headers })).status, 200)
  const url = `/v1/analytics/cafeterias/${cafeteriaId}/summary`
  t.match((await call({ url, headers })).headers, { 'ratelimit-limit': '13', 'ratelimit-remaining': '0' })
  t.match(await call({ url, headers }), {
    status: 429,
    body: { code: 'rate_limited' },
    headers: { 'retry-after': /\d/ },
  })
  t.equal((await call({ url, headers: as({ userId: randomUUID(), role: 'admin' }) })).status, 200)
  const prober = as({ userId: randomUUID(), role: 'manager', memberships: { [randomUUID()]: 'manager' } })
  const statuses = []
  for (let time = 0; time < 14; time += 1) statuses.push((await call({ url, headers: prober })).status)
  t.same(statuses, [...Array.from({ length: 13 }, () => 404), 429])
})
