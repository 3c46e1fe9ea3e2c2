import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from './app.ts'
import { openKitchen } from './kitchen.ts'
import { rollUpAll } from './roll-up-all.ts'

const stack = await startTemporaryStack({ postgres: { standbys: 1 } })
t.teardown(() => stack.stop())
await migrate(stack.primaryUrl)
const { call, as, owner, rollUp, database } = await startTestApp(
  t,
  // The wait is what is tested.
  { DATABASE_MAX_LAG_SECONDS: '0.5' },
  { url: stack.primaryUrl, replicaUrl: stack.replicaUrls[0] as string, drop: async () => {} },
)
const { cafeteriaId, addCustomer, order } = await openKitchen(owner)
const customer = await addCustomer()
await order(customer, { placed: '2026-11-23 12:00' })
await rollUp()

const headers = as({ userId: randomUUID(), role: 'admin' })
const url = `/v1/analytics/cafeterias/${cafeteriaId}/summary?from=2026-11-23&to=2026-11-23`
const read = () => call({ url, headers })
const [standby] = stack.postgres.standbys
if (standby === undefined) throw new Error('the stack has no standby')

t.test(
  'an answer says how new it is, and a standby that stopped replaying is no reason to ask the primary',
  async (t) => {
    const before = await read()
    t.match(before.body, { placed: 1 })
    await stack.postgres.pauseReplay(standby)
    await order(customer, { placed: '2026-11-23 13:00' })
    const placedAt = Date.now()
    await rollUpAll(owner)
    while ((database.nodes[1]?.lagMilliseconds ?? 0) < 1500) await sleep(20)
    const paused = await read()
    t.match(paused, { status: 200, body: { placed: 1 } })
    t.ok(Date.parse(paused.body.asOf) <= placedAt, `${paused.body.asOf} is before the order`)
    await stack.postgres.resumeReplay(standby)
    let after = await read()
    while (after.body.placed !== 2) after = await read()
    t.ok(Date.parse(after.body.asOf) > placedAt - 1000)
  },
)

t.test('what the rollups have not read yet is not said to be counted', async (t) => {
  await order(customer, { placed: '2026-11-23 14:00' })
  const [waiting] = await owner.selectFrom('events').select('at').orderBy('id', 'desc').limit(1).execute()
  let body = (await read()).body
  while (Date.parse(body.asOf) !== Date.parse(waiting?.at ?? '')) body = (await read()).body
  t.equal(body.placed, 2)
})

t.test('the primary is asked for nothing, also when no standby is left', async (t) => {
  await stack.postgres.stopServer(standby, 'immediate')
  let answer = await read()
  while (answer.status === 200) answer = await read()
  t.match(answer, { status: 503, body: { code: 'database_unavailable' }, headers: { 'retry-after': /\d/ } })
  const { rows } = await sql<{ query: string }>`
    select query from pg_stat_activity where application_name = 'analytics-test' and query ~ 'rollup'`.execute(
    owner,
  )
  t.same(rows, [])
})
