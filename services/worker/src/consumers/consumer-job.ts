import type { Database, Schema } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Kysely } from 'kysely'
import type { Job } from '../jobs/job.ts'
import type { Consumer, HandlingConsumer } from './consumer.ts'
import { claimEvents, insertPosition, updatePosition } from './event-positions.repository.ts'
import type { Pace } from './pace.ts'

/** The interval of a consumer without a pace. */
const everySeconds = 0.05
const batchSize = 500

export interface ConsumerJobOptions {
  database: Database
  metrics: Metrics
  pace?: Pick<Pace, 'wait'>
}

/** Runs a consumer batch by batch. Any number of workers may run it: one at a time locks its position, and the others stand by. */
export function consumerJob(consumer: Consumer, { database, metrics, pace }: ConsumerJobOptions): Job {
  const consumed = metrics.counter({
    name: 'events_consumed_total',
    help: 'Events of the log that this worker dealt with, by consumer',
    labels: ['consumer'],
  })
  const advance = 'advance' in consumer ? consumer.advance : handleInTransaction(consumer)
  let hasPosition = false

  return {
    name: consumer.job,
    everySeconds,
    ...(pace && { wait: pace.wait }),
    async run() {
      if (!hasPosition) await insertPosition(database.primary, consumer)
      hasPosition = true
      const count = await advance(database.primary, batchSize)
      consumed.inc({ consumer: consumer.name }, count)
      return count >= batchSize
    },
  }
}

function handleInTransaction({ name, handle, handled }: HandlingConsumer) {
  return async (db: Kysely<Schema>, limit: number): Promise<number> => {
    const events = await db.transaction().execute(async (tx) => {
      const read = await claimEvents(tx, name, limit)
      const last = read.at(-1)
      if (last === undefined) return []
      const events = read.map(({ event }) => event)
      await handle?.(events, tx)
      await updatePosition(tx, name, last)
      return events
    })
    handled?.(events)
    return events.length
  }
}
