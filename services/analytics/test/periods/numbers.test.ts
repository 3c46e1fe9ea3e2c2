import t from 'tap'
import { startTestApp } from '../app.ts'
import { day, openBusyKitchen, weekBefore } from '../busy-day.ts'

const { call, as, owner, rollUp } = await startTestApp(t)
const { cafeteriaId, productId } = await openBusyKitchen(owner)
await rollUp()
const manager = as({ userId: cafeteriaId, role: 'manager', memberships: { [cafeteriaId]: 'manager' } })

/** What is answered of the busy day. */
async function read(part: string, query = `from=${day}&to=${day}`): Promise<any> {
  const { status, body } = await call({
    url: `/v1/analytics/cafeterias/${cafeteriaId}/${part}?${query}`,
    headers: manager,
  })
  t.equal(status, 200, JSON.stringify(body))
  return body
}

/** Whether a number that was read from a histogram is within 2.5% of the truth. */
const near = (value: number, truth: number) => Math.abs(value - truth) <= 0.0251 * Math.abs(truth)

t.test(
  'the summary counts orders, money and customers, beside those of last week and of the day before',
  async (t) => {
    const { asOf, ...rest } = await read('summary', `from=${day}&to=${day}&compare=lastWeek,previous`)
    const none = {
      placed: 0,
      items: 0,
      rejected: 0,
      cancelled: 0,
      abandoned: 0,
      expired: 0,
      ready: 0,
      collected: 0,
      uncollected: 0,
      grossCents: 0,
      lostCents: 0,
      salesCents: 0,
      averageOrderCents: null,
      visits: 0,
      newCustomers: 0,
    }
    t.same(rest, {
      cafeteriaId,
      timeZone: 'America/Mexico_City',
      currency: 'MXN',
      from: day,
      to: day,
      placed: 3,
      items: 4,
      rejected: 1,
      cancelled: 0,
      abandoned: 0,
      expired: 1,
      ready: 2,
      collected: 1,
      uncollected: 0,
      grossCents: 26_000,
      lostCents: 6500,
      salesCents: 19_500,
      averageOrderCents: 8667,
      visits: 2,
      newCustomers: 1,
      previous: { from: '2026-11-22', to: '2026-11-22', ...none },
      lastWeek: {
        ...none,
        from: weekBefore,
        to: weekBefore,
        placed: 1,
        items: 1,
        ready: 1,
        collected: 1,
        grossCents: 6500,
        salesCents: 6500,
        averageOrderCents: 6500,
        visits: 1,
        newCustomers: 1,
      },
    })
    t.ok(Date.now() - Date.parse(asOf) < 60_000)
  },
)

t.test('visits and customers are of a day each', async (t) => {
  t.match(await read('sessions', `from=${weekBefore}&to=${day}`), {
    visits: 3,
    newCustomers: 2,
    ordersPerVisit: 1.33,
    days: [
      { date: weekBefore, visits: 1, newCustomers: 1 },
      { date: day, visits: 2, newCustomers: 1 },
    ],
  })
  t.match(await read('customers'), { newCustomers: 1, returningVisits: 1, returningShare: 0.5 })
})

t.test('products, statuses and pick-up kinds', async (t) => {
  const products = [
    {
      productId,
      name: 'Chilaquiles',
      quantity: 4,
      grossCents: 26_000,
      lostQuantity: 1,
      lostCents: 6500,
      salesCents: 19_500,
    },
  ]
  t.same((await read('products')).products, products)
  const { statuses } = await read('statuses')
  t.same(
    statuses.filter(({ orders }: any) => orders > 0),
    [
      { status: 'rejected', orders: 1 },
      { status: 'ready', orders: 1 },
      { status: 'collected', orders: 1 },
      { status: 'expired', orders: 1 },
    ],
  )
  t.equal(statuses.length, 10)
  t.match(await read('pickup-kinds'), { asap: 3, slot: 0, asapShare: 1 })
})

t.test('payments count attempts by card, and what came in and went back by any method', async (t) => {
  t.match(await read('payments'), {
    attempts: 2,
    successShare: 0.5,
    capturedCents: 13_000,
    refundedCents: 6500,
    keptCents: 6500,
    outcomes: [
      { method: 'card', outcome: 'authorized', payments: 1, cents: 13_000 },
      { method: 'card', outcome: 'declined', payments: 1, cents: 6500 },
      { method: 'wallet', outcome: 'captured', payments: 2, cents: 13_000 },
      { method: 'wallet', outcome: 'refunded', payments: 1, cents: 6500 },
    ],
  })
})

t.test('make times and promises have means that are exact, and quantiles to 2.5%', async (t) => {
  const preparation = await read('preparation', `from=${weekBefore}&to=${day}`)
  t.match(preparation, { ready: 3, averageSeconds: 340 })
  t.ok(near(preparation.p50Seconds, 300) && near(preparation.p90Seconds, 600), JSON.stringify(preparation))
  const promises = await read('promises')
  t.match(promises, {
    ready: 2,
    kept: 1,
    keptShare: 0.5,
    averageLateSeconds: 60,
    averageEarlySeconds: 60,
    meanErrorSeconds: 0,
    naiveKept: 0,
    naiveKeptShare: 0,
    naiveMeanErrorSeconds: 90,
  })
  t.ok(near(promises.p50ErrorSeconds, -60) && near(promises.p90ErrorSeconds, 60), JSON.stringify(promises))
})

t.test('the dashboard has all of it, with last week unless it is asked for something else', async (t) => {
  const dashboard = await read('dashboard')
  const parts = {
    summary: await read('summary'),
    preparation: await read('preparation'),
    promises: await read('promises'),
    payments: await read('payments'),
    customers: await read('customers'),
    pickupKinds: await read('pickup-kinds'),
  }
  for (const [name, part] of Object.entries<any>(parts)) t.match(part, dashboard[name], name)
  t.same(dashboard.products, (await read('products')).products)
  t.same(dashboard.statuses, (await read('statuses')).statuses)
  t.same(dashboard.hours, (await read('timeline', `from=${day}&to=${day}&bucket=hour`)).buckets)
  t.match(dashboard.lastWeek, {
    from: weekBefore,
    summary: { placed: 1 },
    preparation: { averageSeconds: 600 },
  })
  t.equal(dashboard.previous, undefined)
  t.equal((await read('dashboard', `from=${day}&to=${day}&compare=previous`)).lastWeek, undefined)
})

t.test('a day on which nothing happened is zeros and nulls', async (t) => {
  const query = 'from=2026-01-05&to=2026-01-05'
  t.match(await read('preparation', query), { ready: 0, averageSeconds: null, p50Seconds: null })
  t.match(await read('promises', query), {
    keptShare: null,
    p90ErrorSeconds: null,
    naiveKept: 0,
    naiveKeptShare: null,
    naiveMeanErrorSeconds: null,
  })
  t.match(await read('payments', query), { attempts: 0, successShare: null, outcomes: [] })
  t.match(await read('products', query), { products: [] })
  t.match(await read('customers', query), { returningShare: null })
})
