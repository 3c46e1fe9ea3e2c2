import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@comanda/database'
import { type RelayedOrder, type RelayPublisher, relayEvents } from '@comanda/events/relay'
import { createRedis, type Metrics } from '@comanda/service'
import { sql } from 'kysely'
import t from 'tap'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { listConsumerLags } from '#src/consumers/event-positions.repository.ts'
import { measureConsumerLagJob } from '#src/consumers/measure-consumer-lag.job.ts'
import { feedConsumer } from '#src/feed/feed.consumer.ts'
import { createRelay } from '#src/feed/relay.ts'
import { jobContext, openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'
import { appendEvent, appendPaymentEvent, soundFeed, summariseFeed, writeLives } from './writers.ts'

const never = new AbortController().signal
/** A relay without gateways, because their side is tested in the realtime service. */
const nobody = { publish: () => {} }
/** The consumer `feed`, as a worker runs it. */
function sequenceEventsJob(
  database: Database,
  metrics: Metrics,
  relay: Pick<RelayPublisher, 'publish'> = nobody,
) {
  return consumerJob(feedConsumer({ metrics, relay }), { database, metrics })
}

const cafeteriaIds = [randomUUID(), randomUUID(), randomUUID()]

/** Numbers events until `count` are. Transactions of other tests on the same server can hold some up for a moment. */
async function sequenceUntil({ primary: db }: Database, count: number, limit = 500): Promise<void> {
  for (;;) {
    const { numbered } = await db
      .selectFrom('feed')
      .select((eb) => eb.fn.countAll<number>().as('numbered'))
      .executeTakeFirstOrThrow()
    if (numbered >= count) return
    await relayEvents(db, limit)
  }
}

/** The versions of an order, in the order of the feed. */
async function versionsOf({ primary: db }: Database, orderId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('feed')
    .innerJoin('events', 'events.id', 'feed.eventId')
    .select('version')
    .where('orderId', '=', orderId)
    .orderBy('seq')
    .$narrowType<{ version: number }>()
    .execute()
  return rows.map(({ version }) => version)
}

t.test('with 40 writers and two workers every event is numbered once, without gaps, in order', async (t) => {
  const { database, owner } = await openDatabase(t, { poolMax: 45 })
  const context = await jobContext()
  const jobs = [sequenceEventsJob(database, context.metrics), sequenceEventsJob(database, context.metrics)]
  let writing = true
  const working = jobs.map(async (job) => {
    while (writing) {
      await job.run(never)
      await wait(2)
    }
  })
  let events = 0
  let meanwhile = 0
  while (meanwhile === 0) {
    await writeLives(owner, { cafeteriaIds, writers: 40, orders: 200 })
    events += 1000
    meanwhile = (await summariseFeed(owner)).numbered
  }
  writing = false
  await Promise.all(working)
  await sequenceUntil(database, events)
  t.strictSame(await summariseFeed(owner), soundFeed(events))
})

t.test('what is behind a transaction under way waits for it, measured as lag', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const db = owner.primary
  const [cafeteriaId, early, late] = [randomUUID(), randomUUID(), randomUUID()]
  const measure = async () => {
    await measureConsumerLagJob([feedConsumer({ metrics, relay: nobody })], { database, metrics }).run(never)
    return Number(/^feed_lag_seconds (.*)$/m.exec(await metrics.registry.metrics())?.[1])
  }
  t.equal(await measure(), 0, 'nothing has happened')
  await db.transaction().execute(async (tx) => {
    await appendEvent(tx, { orderId: early, cafeteriaId, version: 1 })
    await appendEvent(db, { orderId: late, cafeteriaId, version: 1 })
    t.match(await relayEvents(db, 10), { numbered: 0 })
    t.ok((await measure()) > 0)
  })
  await sequenceUntil(database, 2)
  const { rows } =
    await sql`select order_id, seq from feed join events on id = event_id order by seq`.execute(db)
  t.same(rows, [
    { orderId: early, seq: 1 },
    { orderId: late, seq: 2 },
  ])
  t.equal(await measure(), 0)
})

t.test(
  'the moves of an order that two people moved at once are numbered in the order in which they happened',
  async (t) => {
    for (const limit of [1, 500]) {
      const { database, owner } = await openDatabase(t)
      const db = owner.primary
      const cafeteriaId = randomUUID()
      const orderId = randomUUID()
      const waited = await db.startTransaction().execute()
      await sql`select pg_current_xact_id()`.execute(waited)
      const between = await db.startTransaction().execute()
      await sql`select pg_current_xact_id()`.execute(between)
      await appendEvent(db, { orderId, cafeteriaId, version: 1 })
      await appendEvent(db, { orderId, cafeteriaId, version: 2 })
      // This transaction began first and moves the order last; `between` keeps the earlier versions from being final.
      await appendEvent(waited, { orderId, cafeteriaId, version: 3 })
      await waited.commit().execute()
      await sequenceUntil(database, 3, limit)
      t.strictSame(await versionsOf(owner, orderId), [1, 2, 3])

      await appendEvent(between, { orderId: randomUUID(), cafeteriaId, version: 1 })
      await between.commit().execute()
      await appendEvent(db, { orderId, cafeteriaId, version: 4 })
      await sequenceUntil(database, 5, limit)
      t.strictSame(await versionsOf(owner, orderId), [1, 2, 3, 4])
      t.strictSame(await summariseFeed(owner), soundFeed(5))
      const { rows } = await sql`select cardinality(ahead) as ahead from event_positions`.execute(db)
      t.same(rows, [{ ahead: 0 }], 'nothing is left to remember')
    }
  },
)

t.test('events that move no order get no number and are in the way of none', async (t) => {
  for (const limit of [1, 2, 500]) {
    const { database, owner } = await openDatabase(t)
    const db = owner.primary
    const order = { cafeteriaId: randomUUID(), orderId: randomUUID() }
    const waited = await db.startTransaction().execute()
    await appendPaymentEvent(waited, order)
    await appendPaymentEvent(db, order)
    await appendEvent(db, { ...order, version: 1 })
    await appendPaymentEvent(db, order)
    await appendEvent(db, { ...order, version: 2 })
    // It began first, so its moves come first by (xid, id).
    await appendEvent(waited, { ...order, version: 3 })
    await appendPaymentEvent(waited, order)
    await waited.commit().execute()
    await appendEvent(db, { ...order, version: 4 })
    await appendPaymentEvent(db, order)
    await sequenceUntil(database, 4, limit)
    t.strictSame(await versionsOf(owner, order.orderId), [1, 2, 3, 4])
    const behind = async () => {
      await relayEvents(db, limit)
      return (await listConsumerLags(db, ['feed']))[0]
    }
    await until(async () => (await behind())?.events === 0)
    t.strictSame(await summariseFeed(owner), soundFeed(4))
    const { rows } = await sql`select cardinality(ahead) as ahead from event_positions`.execute(db)
    t.same(rows, [{ ahead: 0 }], 'nothing is left to remember')
  }
})

t.test('a worker whose numbers were not committed leaves none behind', async (t) => {
  const { database, owner } = await openDatabase(t)
  const db = owner.primary
  const cafeteriaId = randomUUID()
  for (let version = 1; version <= 3; version += 1) {
    await appendEvent(db, { orderId: randomUUID(), cafeteriaId, version: 1 })
  }
  const lost = await db.startTransaction().execute()
  while ((await relayEvents(lost, 2)).numbered === 0);
  t.match(await relayEvents(db, 10), { numbered: 0 }, 'nobody else numbers meanwhile')
  await lost.rollback().execute()
  await sequenceUntil(database, 3)
  t.strictSame(await summariseFeed(owner), soundFeed(3))
})

t.test('what is numbered is published, in order, with the order as it is then', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  const { orderId } = await kitchen.place()
  const published: RelayedOrder[] = []
  const job = sequenceEventsJob(database, metrics, { publish: (orders) => published.push(...orders) })
  while (published.length === 0) await job.run(never)
  t.match(published, [
    {
      userId: kitchen.userId,
      message: {
        seq: 1,
        cafeteriaId: kitchen.cafeteriaId,
        event: { orderId, version: 1, type: 'order.pending_payment' },
        order: { id: orderId, version: 1, status: 'pending_payment' },
      },
    },
  ])
})

t.test('events are numbered while Redis is away, and what was not published is counted', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { log, metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  const redis = createRedis({ REDIS_NODES: '127.0.0.1:1', REDIS_COMMAND_TIMEOUT_MS: 20_000 }, log)
  const relay = createRelay({
    cache: { invalidateTags: async () => {} },
    redis,
    redisPrefix: 'test',
    log,
    metrics,
  })
  t.teardown(async () => {
    await relay.close()
    redis.disconnect()
  })
  await kitchen.place()
  const job = sequenceEventsJob(database, metrics, relay)
  while ((await summariseFeed(owner)).numbered === 0) await job.run(never)
  await until(async () => /^publish_failures_total 1$/m.test(await metrics.registry.metrics()))
  t.match(await metrics.registry.metrics(), /^events_published_total 1$/m)
})

t.test('a job asks for more at once when its batch was full, and counts what it numbered', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const kitchen = await openKitchen(owner)
  await sql`insert into events (order_id, cafeteria_id, version, type, actor_role)
    select uuidv7(), ${kitchen.cafeteriaId}, 1, 'order.placed', 'system' from generate_series(1, 501)`.execute(
    owner.primary,
  )
  const job = sequenceEventsJob(database, metrics)
  while (!(await job.run(never))) await wait(5)
  t.equal(await job.run(never), false)
  t.match(await metrics.registry.metrics(), /^events_sequenced_total 501$/m)
  t.match(await listConsumerLags(database.primary, ['feed']), [{ consumer: 'feed', seconds: 0, events: 0 }])
})

t.test('transaction ids that begin anew are noticed instead of never being read', async (t) => {
  const { database, owner } = await openDatabase(t)
  await sql`update event_positions set xid = (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000)::text::xid8`.execute(
    owner.primary,
  )
  await t.rejects(relayEvents(database.primary, 1), { message: /the feed has come to transaction/ })
})
