import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { openBusyKitchen } from '../busy-day.ts'

/**
 * The busy day is Monday, 23 November 2026. On the day after it, one more order is not collected, and 20 pesos of an order of the busy day
 * go back.
 */
async function openMonth(t: Test) {
  const test = await startTestApp(t)
  const kitchen = await openBusyKitchen(test.owner)
  const day = '2026-11-24'
  const customerId = await kitchen.addCustomer()
  const ordered = { placed: `${day} 10:00`, preparing: `${day} 10:01`, ready: `${day} 10:05` }
  const orderId = await kitchen.order(
    customerId,
    { ...ordered, uncollected: `${day} 11:00` },
    { promised: `${day} 10:05` },
  )
  await sql`select request_refund(${customerId}, 'manager', null, id, 2000, 'cold', null, null, null)
    from payments where order_id = ${orderId}`.execute(test.owner)
  await sql`update events set at = '2026-11-24 12:00'::timestamp at time zone 'America/Mexico_City'
    where order_id = ${orderId} and type = 'refund.succeeded'`.execute(test.owner)
  await test.rollUp()
  const headers = test.as({
    userId: customerId,
    role: 'manager',
    memberships: { [kitchen.cafeteriaId]: 'manager' },
  })
  const ask = (report: string, query: Record<string, string> = {}) =>
    test.call({
      url: `/v1/reports/${report}`,
      headers,
      query: { cafeteriaId: kitchen.cafeteriaId, from: '2026-11-16', to: '2026-11-24', by: 'week', ...query },
    })
  return { ...test, kitchen, headers, ask }
}
type Test = Parameters<typeof startTestApp>[0]

const weeks = [
  { from: '2026-11-16', to: '2026-11-22' },
  { from: '2026-11-23', to: '2026-11-24' },
]

t.test('reports count what happened, by the day on which it did', async (t) => {
  const { kitchen, ask } = await openMonth(t)
  const rowsOf = async (report: string, query?: Record<string, string>) => {
    const { status, body } = await ask(report, query)
    t.equal(status, 200, JSON.stringify(body))
    return body.rows
  }

  await t.test('sales', async (t) => {
    const first = {
      ...weeks[0],
      placed: 1,
      items: 1,
      grossCents: 6500,
      rejected: 0,
      cancelled: 0,
      lostCents: 0,
      salesCents: 6500,
      averageOrderCents: 6500,
      capturedCents: 6500,
      refundedCents: 0,
      keptCents: 6500,
      visits: 1,
      newCustomers: 1,
    }
    const second = {
      ...weeks[1],
      placed: 4,
      items: 5,
      grossCents: 32_500,
      rejected: 1,
      cancelled: 0,
      lostCents: 6500,
      salesCents: 26_000,
      averageOrderCents: 8125,
      capturedCents: 3 * 6500,
      refundedCents: 6500 + 2000,
      keptCents: 11_000,
      visits: 3,
      newCustomers: 2,
    }
    t.same(await rowsOf('sales'), [first, second])
    const days = await rowsOf('sales', { by: 'day', from: '2026-11-22' })
    t.same(
      days.map(({ from, to, placed, refundedCents, averageOrderCents }: any) => [
        from,
        to,
        placed,
        refundedCents,
        averageOrderCents,
      ]),
      [
        ['2026-11-22', '2026-11-22', 0, 0, null],
        ['2026-11-23', '2026-11-23', 3, 6500, Math.round(26_000 / 3)],
        ['2026-11-24', '2026-11-24', 1, 2000, 6500],
      ],
      'a refund counts on its own day, and a day without orders has a row',
    )
    const months = await rowsOf('sales', { by: 'month', from: '2026-10-30' })
    t.same(
      months.map(({ from, to, placed }: any) => [from, to, placed]),
      [
        ['2026-10-30', '2026-10-31', 0],
        ['2026-11-01', '2026-11-24', 5],
      ],
      'periods are cut off at the days that were asked for',
    )
  })

  await t.test('products', async (t) => {
    const product = { productId: kitchen.productId, name: 'Chilaquiles' }
    t.same(await rowsOf('products'), [
      {
        ...weeks[0],
        ...product,
        quantity: 1,
        grossCents: 6500,
        lostQuantity: 0,
        lostCents: 0,
        salesCents: 6500,
      },
      {
        ...weeks[1],
        ...product,
        quantity: 5,
        grossCents: 32_500,
        lostQuantity: 1,
        lostCents: 6500,
        salesCents: 26_000,
      },
    ])
    t.same(
      (await rowsOf('products', { by: 'day', to: '2026-11-23' })).length,
      2,
      'days without any have no row',
    )
  })

  await t.test('preparation', async (t) => {
    const [first, second] = await rowsOf('preparation')
    t.match(first, { ...weeks[0], ready: 1, averageSeconds: 600 })
    t.match(second, { ...weeks[1], ready: 3, averageSeconds: (120 + 300 + 240) / 3 })
    t.ok(isWithin(first.p50Seconds, 600) && isWithin(first.p99Seconds, 600))
    t.ok(isWithin(second.p50Seconds, 240) && isWithin(second.p90Seconds, 300))
    const [none] = await rowsOf('preparation', { from: '2026-11-17', to: '2026-11-18' })
    t.match(none, { ready: 0, averageSeconds: null, p50Seconds: null })
  })

  await t.test('promises', async (t) => {
    const [first, second] = await rowsOf('promises')
    t.match(first, { ready: 1, kept: 1, keptShare: 1, averageLateSeconds: null, averageEarlySeconds: 0 })
    t.match(second, {
      ...weeks[1],
      ready: 3,
      kept: 2,
      keptShare: 0.6667,
      averageLateSeconds: 60,
      averageEarlySeconds: 30,
      meanErrorSeconds: 0,
      p50ErrorSeconds: -1,
    })
    t.ok(isWithin(second.p90ErrorSeconds, 60))
  })

  await t.test('no-shows', async (t) => {
    t.same(await rowsOf('no-shows'), [
      { ...weeks[0], ready: 1, collected: 1, uncollected: 0, noShowShare: 0 },
      { ...weeks[1], ready: 3, collected: 1, uncollected: 1, noShowShare: 0.5 },
    ])
  })

  await t.test('refunds', async (t) => {
    t.match(await rowsOf('refunds'), [
      { ...weeks[0], refunds: 0, refundedCents: 0, capturedCents: 6500, refundedShare: 0 },
      {
        ...weeks[1],
        refunds: 2,
        refundedCents: 8500,
        walletRefunds: 2,
        walletRefundedCents: 8500,
        cardRefunds: 0,
        cardRefundedCents: 0,
        failedRefunds: 0,
        failedCents: 0,
        capturedCents: 19_500,
        refundedShare: 0.4359,
      },
    ])
  })
})

const isWithin = (value: number, truth: number) => Math.abs(value - truth) <= 0.026 * truth

t.test('a report says whose it is and how old', async (t) => {
  const { kitchen, ask } = await openMonth(t)
  const { status, body, headers } = await ask('sales')
  t.equal(status, 200)
  t.match(body, {
    cafeteriaId: kitchen.cafeteriaId,
    timeZone: 'America/Mexico_City',
    currency: 'MXN',
    from: '2026-11-16',
    to: '2026-11-24',
    by: 'week',
  })
  t.ok(Date.now() - Date.parse(body.asOf) < 60_000)
  t.match(headers, { 'cache-control': 'no-store' })
})

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
