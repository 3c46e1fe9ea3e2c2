import t from 'tap'
import { openMonth } from './month.ts'

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
    t.match(first, {
      ready: 1,
      kept: 1,
      keptShare: 1,
      averageLateSeconds: null,
      averageEarlySeconds: 0,
      naiveKept: 1,
      naiveKeptShare: 1,
      naiveMeanErrorSeconds: 0,
    })
    t.match(second, {
      ...weeks[1],
      ready: 3,
      kept: 2,
      keptShare: 0.6667,
      averageLateSeconds: 60,
      averageEarlySeconds: 30,
      meanErrorSeconds: 0,
      p50ErrorSeconds: -1,
      naiveKept: 1,
      naiveKeptShare: 0.3333,
      naiveMeanErrorSeconds: 60,
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
