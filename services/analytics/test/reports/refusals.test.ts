import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { openMonth } from './month.ts'

t.test('only managers of the cafeteria and administrators get a report', async (t) => {
  const { as, kitchen, call } = await openMonth(t)
  const userId = crypto.randomUUID()
  const days = { cafeteriaId: kitchen.cafeteriaId, from: '2026-11-16', to: '2026-11-24' }
  const reports = ['sales', 'products', 'preparation', 'promises', 'no-shows', 'refunds']
  const queries = [
    ...reports.flatMap((report) => [
      [report, days],
      [report, { ...days, format: 'csv' }],
    ]),
    ['orders', days],
  ] as [string, typeof days][]
  for (const [report, query] of queries) {
    const ask = async (headers: Record<string, string>) => {
      const { status, body } = await call({ url: `/v1/reports/${report}`, query, headers })
      return [status, body.code]
    }
    const staff = as({ userId, role: 'staff', memberships: { [kitchen.cafeteriaId]: 'staff' } })
    const neighbour = as({ userId, role: 'manager', memberships: { [userId]: 'manager' } })
    t.same(await ask({}), [401, 'access_token_missing'], report)
    t.same(await ask(as({ userId })), [403, 'forbidden_role'], report)
    t.same(await ask(staff), [403, 'forbidden_role'], report)
    t.same(await ask(neighbour), [404, 'cafeteria_not_found'], report)
    t.equal((await ask(as({ userId, role: 'admin' })))[0], 200, report)
  }
})

t.test('three reports in five minutes are all, of whatever kind', async (t) => {
  const { as, call } = await startTestApp(t, { RATE_LIMITS: 'on' })
  const headers = as({ userId: crypto.randomUUID(), role: 'admin' })
  const query = { cafeteriaId: crypto.randomUUID(), from: '2026-11-16', to: '2026-11-24' }
  const ask = async (report: string, format = {}) =>
    (await call({ url: `/v1/reports/${report}`, headers, query: { ...query, ...format } })).status
  t.same([await ask('sales'), await ask('sales', { format: 'csv' }), await ask('orders')], [404, 404, 404])
  t.equal(await ask('refunds'), 429)
})

t.test('a report of very many rows is a file only', async (t) => {
  const { owner, rollUp, ask, kitchen } = await openMonth(t)
  const fill = (products: number) =>
    sql`
    insert into rollup_products select ${kitchen.cafeteriaId}, '2026-10-01', gen_random_uuid(), 1, 100, 0, 0, '{}'
    from generate_series(1, ${products}::integer)`.execute(owner)
  const day = { from: '2026-10-01', to: '2026-10-01', by: 'day' }
  await fill(10_000)
  await rollUp()
  t.equal((await ask('products', day)).body.rows.length, 10_000)
  await fill(1)
  await rollUp()
  t.match(await ask('products', day), {
    status: 400,
    body: { code: 'validation_failed', errors: [{ field: 'by' }] },
  })
  t.match((await ask('products', { ...day, format: 'csv' })).body, /# complete, 10001 rows/)
})

t.test('a query that makes no sense is refused with the name of its field', async (t) => {
  const { as, call, kitchen } = await openMonth(t)
  const headers = as({ userId: kitchen.cafeteriaId, role: 'admin' })
  const good = { cafeteriaId: kitchen.cafeteriaId, from: '2026-11-16', to: '2026-11-24' }
  for (const [query, field] of [
    [{ cafeteriaId: 'x' }, 'cafeteriaId'],
    [{ from: '2026-02-30' }, 'from'],
    [{ to: '2026-11-15' }, 'to'],
    [{ to: '2029-12-01' }, 'to'],
    [{ by: 'year' }, 'by'],
    [{ format: 'xlsx' }, 'format'],
    [{ limit: '3' }, 'limit'],
  ] as const) {
    for (const format of ['format' in query ? {} : { format: 'csv' }, {}]) {
      const { status, body } = await call({
        url: '/v1/reports/sales',
        headers,
        query: { ...good, ...format, ...query },
      })
      t.equal(status, 400, JSON.stringify(query))
      t.equal(body.code, 'validation_failed')
      t.match(body.errors?.[0]?.field, field)
    }
  }
  const unknown = { ...good, cafeteriaId: crypto.randomUUID() }
  for (const report of ['sales', 'orders'])
    t.match(await call({ url: `/v1/reports/${report}`, headers, query: unknown }), {
      status: 404,
      body: { code: 'cafeteria_not_found' },
    })
})

t.test('what was read on a replica is not read from the primary when there is none', async (t) => {
  const { call, as } = await startTestApp(t, {
    DATABASE_REPLICA_URLS: 'reports=postgres://nobody@127.0.0.1:1/none',
  })
  const query = { cafeteriaId: crypto.randomUUID(), from: '2026-11-16', to: '2026-11-24' }
  const headers = as({ userId: query.cafeteriaId, role: 'admin' })
  for (const report of ['sales', 'orders']) {
    const { status, body } = await call({ url: `/v1/reports/${report}`, headers, query })
    t.match([status, body.code], [503, 'database_unavailable'], report)
  }
})
