import type { Database } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import type { Consumer } from './consumer.ts'
import { listConsumerLags } from './event-positions.repository.ts'

const everySeconds = 1

/**
 * Measures the lag of consumers. Every worker does, not only the one that runs a consumer, so that it is also seen while none can read:
 * a long transaction holds up all consumers.
 */
export function measureConsumerLagJob(
  consumers: readonly Pick<Consumer, 'name' | 'onLag'>[],
  { database, metrics }: { database: Database; metrics: Metrics },
): Job {
  const registered = new Map(consumers.map((consumer) => [consumer.name, consumer]))
  const lag = metrics.gauge({
    name: 'event_consumer_lag_seconds',
    help: 'Age of the oldest event that a consumer has not handled, 0 when it has handled all',
    labels: ['consumer'],
  })
  const behind = metrics.gauge({
    name: 'event_consumer_events_behind',
    help: 'Events that a consumer has not handled, counted up to 10,000',
    labels: ['consumer'],
  })

  return {
    name: 'measure-consumer-lag',
    everySeconds,
    async run() {
      const lags = await listConsumerLags(database.primary, [...registered.keys()])
      for (const { consumer, seconds, events } of lags) {
        lag.set({ consumer }, seconds)
        behind.set({ consumer }, events)
        registered.get(consumer)?.onLag?.(seconds)
      }
      return false
    },
  }
}
