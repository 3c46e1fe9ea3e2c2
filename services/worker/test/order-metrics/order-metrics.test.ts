import t from 'tap'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { orderMetricsConsumer } from '#src/order-metrics/order-metrics.consumer.ts'
import { orderTimersJob } from '#src/order-timers/order-timers.job.ts'
import { jobContext, openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'

const never = new AbortController().signal

t.test('every move of an order is counted once, whoever makes it', async (t) => {
  const { database, owner } = await openDatabase(t)
  const context = await jobContext()
  const { metrics } = context
  const kitchen = await openKitchen(owner)
  const consumer = orderMetricsConsumer({ metrics })
  await insertPosition(database.primary, consumer)

  // A timer: nobody pays.
  await kitchen.place('card')
  await kitchen.makeDue('orders')
  await orderTimersJob({ ...context, database }).run(never)
  // A rule: the cafeteria accepts by itself.
  await kitchen.topUp(20_000)
  await owner.primary.updateTable('cafeterias').set({ autoAccept: true }).execute()
  await kitchen.place('wallet')
  // People.
  await owner.primary.updateTable('cafeterias').set({ autoAccept: false }).execute()
  const { orderId } = await kitchen.place('wallet')
  await kitchen.move(orderId, 'placed', 'accepted')
  await kitchen.move(orderId, 'accepted', 'preparing')

  const job = consumerJob(consumer, { database, metrics })
  const counted = async () => {
    const text = await metrics.registry.metrics()
    const series = text.matchAll(/^orders_moved_total\{status="(\w+)",actor_role="(\w+)"\} (\d+)$/gm)
    return Object.fromEntries(
      [...series].map(([, status, role, count]) => [`${status} ${role}`, Number(count)]),
    )
  }
  await until(async () => {
    await job.run(never)
    return 'preparing staff' in (await counted())
  })
  await job.run(never)
  t.same(await counted(), {
    'pending_payment customer': 1,
    'expired system': 1,
    'placed customer': 2,
    'accepted system': 1,
    'accepted staff': 1,
    'preparing staff': 1,
  })
})

t.test('what is handled again because its position did not move is counted once', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  const consumer = orderMetricsConsumer({ metrics })
  await insertPosition(database.primary, consumer)
  await kitchen.topUp(10_000)
  await kitchen.place('wallet')
  let broken = true
  const failing = consumerJob(
    {
      ...consumer,
      async handle() {
        if (broken) throw new Error('the connection is lost')
      },
    },
    { database, metrics },
  )
  const count = async () =>
    /^orders_moved_total\{status="placed",actor_role="customer"\} (\d+)$/m.exec(
      await metrics.registry.metrics(),
    )?.[1]
  // There is nothing to handle while another transaction of the server may still append an event.
  await until(() =>
    failing.run(never).then(
      () => false,
      () => true,
    ),
  )
  t.equal(await count(), undefined)
  broken = false
  await until(async () => {
    await failing.run(never)
    return (await count()) !== undefined
  })
  t.equal(await count(), '1')
})
