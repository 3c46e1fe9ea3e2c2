import { createMetrics } from '@comanda/service'
import { sql } from 'kysely'
import t from 'tap'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { promisesConsumer } from '#src/promises/promises.consumer.ts'
import { learnPromises } from '#src/promises/promises.repository.ts'
import { openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'

const never = new AbortController().signal

async function openLearner(t: Parameters<typeof openDatabase>[0]) {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const db = owner.primary
  const job = consumerJob(promisesConsumer(), { database, metrics: createMetrics() })
  await job.run(never)
  await kitchen.topUp(100_000)
  return {
    db,
    kitchen,
    /** Other tests of this machine hold up what is final, so it may take some tries. */
    learnAll: () =>
      until(async () => {
        await job.run(never)
        const { rows } = await sql<{ events: number }>`
          select lag.events from event_positions p, consumer_lag(p) lag where p.consumer = 'promises'`.execute(
          db,
        )
        return rows[0]?.events === 0
      }),
    cafeteriaId: kitchen.cafeteriaId,
    model: () => db.selectFrom('promiseModels').selectAll().executeTakeFirst(),
    /** Has an order ready, so many seconds after it was placed. */
    async serve(seconds: number) {
      const { orderId } = await kitchen.place('wallet')
      await sql`update orders set begin_at = begin_at - make_interval(secs => ${seconds}),
        promised_at = promised_at - make_interval(secs => ${seconds}) where id = ${orderId}`.execute(db)
      await kitchen.move(orderId, 'placed', 'accepted')
      await kitchen.move(orderId, 'accepted', 'preparing')
      await kitchen.move(orderId, 'preparing', 'ready')
      return orderId
    },
  }
}

t.test('the worker learns from each order that becomes ready, once', async (t) => {
  const { kitchen, learnAll, model, serve } = await openLearner(t)
  await serve(90)
  await learnAll()
  t.match(await model(), { learnt: 1, theta: 0.045 }, 'a minute was promised, so it was late')
  await learnAll()
  t.match(await model(), { learnt: 1 }, 'nothing is learnt twice')
  const kept = await serve(0)
  await learnAll()
  t.match(await model(), { learnt: 2 })
  t.ok(Math.abs(((await model())?.theta ?? 0) - 0.04) < 1e-9, 'this one was ready at once')
  await kitchen.move(kept, 'ready', 'preparing')
  await kitchen.move(kept, 'preparing', 'ready')
  await learnAll()
  t.match(await model(), { learnt: 2 }, 'an order that is recalled was learnt before')
})

t.test('what was learnt lengthens the next promises, within bounds', async (t) => {
  const { db, learnAll, cafeteriaId, model, serve } = await openLearner(t)
  const estimate = async (makeSeconds: number) => {
    const { rows } = await sql<{ naiveSeconds: number; likelySeconds: number; promisedSeconds: number }>`
      select * from promise_estimate(${cafeteriaId}, 1, now() + interval '2 hours', ${makeSeconds})`.execute(
      db,
    )
    return rows[0] as (typeof rows)[number]
  }
  t.strictSame(await estimate(100), { naiveSeconds: 100, likelySeconds: 100, promisedSeconds: 100 })
  for (let orders = 0; orders < 8; orders += 1) await serve(120)
  await learnAll()
  const { theta = 0 } = (await model()) ?? {}
  t.ok(Math.abs(theta - 8 * 0.045) < 1e-9)
  const learnt = await estimate(100)
  t.equal(learnt.naiveSeconds, 100)
  t.ok(
    learnt.likelySeconds > 195 && learnt.likelySeconds < 205,
    `${learnt.likelySeconds}: they took twice the naive time`,
  )
  const expected = learnt.likelySeconds * Math.exp(theta)
  t.ok(Math.abs(learnt.promisedSeconds - expected) < 2, 'and three of ten promises were broken too many')

  for (let orders = 0; orders < 2; orders += 1) await serve(100_000)
  await sql`update promise_models set theta = 0.99`.execute(db)
  await learnAll()
  t.match(await model(), { theta: 1, learnt: 10 }, 'theta has an end')
  t.equal((await estimate(100)).promisedSeconds, 400, 'four times the naive time at most')
  t.equal((await estimate(3000)).promisedSeconds, 6600, 'and an hour more at most')
})

t.test('the loads of a kitchen are seven: less than a minute, then each twice as long', async (t) => {
  const { db } = await openLearner(t)
  const { rows } = await sql<{ from: number; bin: number }>`
    select min(seconds)::integer as from, load_bin(seconds) as bin from generate_series(0, 3600) seconds
    group by bin order by bin`.execute(db)
  t.same(
    rows.map(({ from, bin }) => [bin, from]),
    [
      [1, 0],
      [2, 60],
      [3, 120],
      [4, 240],
      [5, 480],
      [6, 960],
      [7, 1920],
    ],
  )
})

t.test('no promise that was the beginning of a slot teaches anything', async (t) => {
  const { db, kitchen, learnAll, model } = await openLearner(t)
  const { orderId } = await kitchen.place('wallet')
  await sql`update orders set naive_seconds = null where id = ${orderId}`.execute(db)
  await kitchen.move(orderId, 'placed', 'accepted')
  await kitchen.move(orderId, 'accepted', 'preparing')
  await kitchen.move(orderId, 'preparing', 'ready')
  await learnAll()
  t.equal(await model(), undefined)
  t.equal(await learnPromises(db, []), 0)
})

t.test(
  'a worker that is lost after it has learnt, and before its position moved, learns again and once',
  async (t) => {
    const { db, learnAll, model, serve } = await openLearner(t)
    await serve(90)
    const { rows } = await sql<{ id: number }>`select id from events where type = 'order.ready'`.execute(db)
    const lost = db.transaction().execute(async (tx) => {
      t.equal(await learnPromises(tx, [rows[0]?.id as number]), 1)
      throw new Error('lost')
    })
    await t.rejects(lost, { message: 'lost' })
    t.equal(await model(), undefined)
    await learnAll()
    t.match(await model(), { learnt: 1 })
  },
)
