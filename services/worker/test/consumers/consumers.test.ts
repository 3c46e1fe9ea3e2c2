import { randomUUID } from 'node:crypto'
import type { LoggedEvent } from '@comanda/events/log'
import { sql } from 'kysely'
import t from 'tap'
import type { HandlingConsumer } from '#src/consumers/consumer.ts'
import { consumerJob } from '#src/consumers/consumer-job.ts'
import { insertPosition, listConsumerLags } from '#src/consumers/event-positions.repository.ts'
import { measureConsumerLagJob } from '#src/consumers/measure-consumer-lag.job.ts'
import type { Job } from '#src/jobs/job.ts'
import { runJobs } from '#src/jobs/run-jobs.ts'
import { appendEvent } from '../feed/writers.ts'
import { jobContext, openDatabase } from '../fixture.ts'
import { until } from '../worker-process.ts'

const never = new AbortController().signal

/** A consumer that only remembers what it was given. */
function remember(options: Partial<HandlingConsumer> = {}) {
  const batches: number[][] = []
  const consumer: HandlingConsumer = {
    name: 'memory',
    job: 'remember',
    from: 'beginning',
    leastSeconds: 0,
    handle: async (events: readonly LoggedEvent[]) => void batches.push(events.map(({ id }) => id)),
    ...options,
  }
  return { consumer, batches, seen: () => batches.flat() }
}

t.test('a new consumer begins with the first event, or with what happens from then on', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const db = owner.primary
  const append = () => appendEvent(db, { orderId: randomUUID(), cafeteriaId: randomUUID(), version: 1 })
  const [all, later] = [remember({ name: 'all' }), remember({ name: 'later', from: 'now' })]
  const [allJob, laterJob] = [all, later].map(({ consumer }) =>
    consumerJob(consumer, { database, metrics }),
  ) as [Job, Job]
  const run = async () => {
    await allJob.run(never)
    await laterJob.run(never)
  }
  await append()
  // Once one consumer has read it, the first event is final: until then it is still to come for a consumer that begins now.
  await until(async () => {
    await allJob.run(never)
    return all.seen().length === 1
  })
  await laterJob.run(never)
  await append()
  await until(async () => {
    await run()
    return all.seen().length === 2 && later.seen().length > 0
  })
  t.same(all.seen(), [1, 2])
  t.same(later.seen(), [2])
  await run()
  t.same([...all.seen(), ...later.seen()], [1, 2, 2], 'and nothing twice')
  const again = consumerJob(later.consumer, { database, metrics })
  await again.run(never)
  t.same(later.seen(), [2], 'a start of another worker changes no position')
  t.match(await metrics.registry.metrics(), /^events_consumed_total\{consumer="all"\} 2$/m)
})

t.test('what is under way when a consumer begins is still to come', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const db = owner.primary
  const { consumer, seen } = remember({ from: 'now' })
  const job = consumerJob(consumer, { database, metrics })
  const early = await db.startTransaction().execute()
  await appendEvent(early, { orderId: randomUUID(), cafeteriaId: randomUUID(), version: 1 })
  await job.run(never)
  await early.commit().execute()
  await until(async () => {
    await job.run(never)
    return seen().length > 0
  })
  t.same(seen(), [1])
})

t.test('one worker at a time runs a consumer; the others stand by, and other consumers go on', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = remember({
    async handle() {
      begun.resolve()
      await finish.promise
    },
  })
  const standby = remember()
  const other = remember({ name: 'other' })
  await appendEvent(owner.primary, { orderId: randomUUID(), cafeteriaId: randomUUID(), version: 1 })
  const position = async () => {
    const row = await owner.primary
      .selectFrom('eventPositions')
      .select('eventId')
      .where('consumer', '=', 'memory')
      .executeTakeFirstOrThrow()
    return row.eventId
  }
  const atWork = (async () => {
    const job = consumerJob(slow.consumer, { database, metrics })
    for (let done = false; !done; ) {
      await job.run(never)
      done = (await position()) > 0
    }
  })()
  await begun.promise
  await consumerJob(standby.consumer, { database, metrics }).run(never)
  await until(async () => {
    await consumerJob(other.consumer, { database, metrics }).run(never)
    return other.seen().length === 1
  })
  t.equal(await position(), 0, 'it has not moved on')
  finish.resolve()
  await atWork
  await consumerJob(standby.consumer, { database, metrics }).run(never)
  t.same(standby.batches, [])
})

t.test('a consumer that throws is given the same events again, and holds up no other', async (t) => {
  const { database, owner } = await openDatabase(t)
  const context = await jobContext()
  const { metrics } = context
  const given: number[][] = []
  const mayRecover = Promise.withResolvers<void>()
  const shaky = remember({
    name: 'shaky',
    job: 'shake',
    async handle(events) {
      given.push(events.map(({ id }) => id))
      if (given.length === 1) throw new Error('not today')
      await mayRecover.promise
    },
  })
  const steady = remember({ name: 'steady', job: 'keep-on' })
  const consumers = [shaky.consumer, steady.consumer]
  for (const consumer of consumers) await insertPosition(database.primary, consumer)
  await appendEvent(owner.primary, { orderId: randomUUID(), cafeteriaId: randomUUID(), version: 1 })
  const jobs = runJobs(
    consumers.map((consumer) => consumerJob(consumer, { database, metrics })),
    context,
  )
  await until(() => given.length === 2 && steady.seen().length === 1)
  const { status, details } = await jobs.check.check(never)
  mayRecover.resolve()
  t.match({ status, details }, { status: 'degraded', details: { failing: ['shake'] } })
  await jobs.stop()
  t.same(given, [[1], [1]])
  t.match(context.errors, [{ message: 'job failed', context: { job: 'shake' } }])
  t.match(await metrics.registry.metrics(), /^job_failures_total\{job_name="shake"\} 1$/m)
})

t.test('how far each consumer is behind is measured by its name', async (t) => {
  const { database, owner } = await openDatabase(t)
  const { metrics } = await jobContext()
  const { consumer } = remember()
  const job = consumerJob(consumer, { database, metrics })
  const stuck = remember({ name: 'stuck', handle: () => Promise.reject(new Error('stuck')) })
  await insertPosition(database.primary, stuck.consumer)
  await insertPosition(database.primary, { name: 'of an old release', from: 'beginning' })
  await sql`insert into events (order_id, cafeteria_id, version, type, actor_role, at)
    select uuidv7(), uuidv7(), 1, 'order.placed', 'system', now() - interval '1 hour' from generate_series(1, 3)`.execute(
    owner.primary,
  )
  const lags: number[] = []
  const measured = [consumer, { ...stuck.consumer, onLag: (seconds: number) => void lags.push(seconds) }]
  await until(async () => {
    await job.run(never)
    await measureConsumerLagJob(measured, { database, metrics }).run(never)
    return /^event_consumer_events_behind\{consumer="memory"\} 0$/m.test(await metrics.registry.metrics())
  })
  const text = await metrics.registry.metrics()
  t.match(text, /^event_consumer_lag_seconds\{consumer="memory"\} 0$/m)
  t.match(text, /^event_consumer_lag_seconds\{consumer="stuck"\} 36\d\d\./m)
  t.match(text, /^event_consumer_events_behind\{consumer="stuck"\} 3$/m)
  t.notMatch(text, /old release/)
  t.match(
    await listConsumerLags(database.primary, ['stuck']),
    [{ consumer: 'stuck', events: 3 }],
    'the lag of the others is not looked at',
  )
  t.match(String(lags[0]), /^36\d\d\./)
})
