import type { Database } from '@comanda/database'
import { type RelayPublisher, relayEvents } from '@comanda/events/relay'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import type { Pace } from './pace.ts'

/** When nobody paces it. Screens wait for this; a look that finds nothing is two index look-ups and writes nothing. */
const everySeconds = 0.05
const batchSize = 500

export interface SequenceEventsOptions {
  database: Database
  metrics: Metrics
  relay: Pick<RelayPublisher, 'publish'>
  pace?: Pick<Pace, 'wait'>
}

/**
 * Numbers what happened to orders, per cafeteria and without gaps, and tells the gateways. One worker at a time does it; the
 * others look again and again, so that one of them goes on as soon as it is gone. What was numbered and not told, the
 * gateways find in the feed.
 */
export function sequenceEventsJob({ database, metrics, relay, pace }: SequenceEventsOptions): Job {
  const sequenced = metrics.counter({
    name: 'events_sequenced_total',
    help: 'Events that this worker gave their number in the feed of their cafeteria',
  })

  return {
    name: 'sequence-events',
    everySeconds,
    ...(pace && { wait: pace.wait }),
    async run() {
      const { numbered, relayed } = await relayEvents(database.primary, batchSize)
      sequenced.inc(numbered)
      if (relayed.length > 0) relay.publish(relayed)
      return numbered >= batchSize
    },
  }
}
