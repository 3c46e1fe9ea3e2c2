import { sql } from 'kysely'
import t from 'tap'
import { measureActiveCustomersJob } from '#src/active-customers/measure-active-customers.job.ts'
import { jobContext, openDatabase, openKitchen } from '../fixture.ts'

const never = new AbortController().signal

t.test('customers are active for five minutes and for a day after their last order', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  const job = measureActiveCustomersJob({ database, metrics })
  const measured = async () => {
    await job.run(never)
    const text = await metrics.registry.metrics()
    const series = text.matchAll(/^customers_active\{window="(\w+)"\} (\d+)$/gm)
    return Object.fromEntries([...series].map(([, window, count]) => [window, Number(count)]))
  }
  t.same(await measured(), { '5m': 0, '1d': 0 })

  // The third is placed by somebody else: two of a customer may wait for their payment.
  const orders: string[] = []
  for (let placed = 0; placed < 3; placed += 1) orders.push((await kitchen.place('card')).orderId)
  t.same(await measured(), { '5m': 2, '1d': 2 }, 'two orders of a customer are one customer')

  const age = (id: string | undefined, interval: string) =>
    sql`update orders set created_at = now() - ${interval}::interval where id = ${id}`.execute(owner.primary)
  await age(orders[2], '6 minutes')
  t.same(await measured(), { '5m': 1, '1d': 2 })
  await age(orders[2], '25 hours')
  t.same(await measured(), { '5m': 1, '1d': 1 })
})
