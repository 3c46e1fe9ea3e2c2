import { type RelayPublisher, relayEvents } from '@comanda/events/relay'
import type { Metrics, Tracing } from '@comanda/service'
import type { AdvancingConsumer } from '../consumers/consumer.ts'
import { traceRelay } from './trace-relay.ts'

/**
 * Numbers the moves of orders, per cafeteria and without gaps, and publishes them to the gateways. Gateways poll the feed for moves that
 * were numbered and not published.
 */
export function feedConsumer(options: {
  metrics: Metrics
  relay: Pick<RelayPublisher, 'publish'>
  tracing?: Tracing | undefined
}): AdvancingConsumer {
  const sequenced = options.metrics.counter({
    name: 'events_sequenced_total',
    help: 'Events that this worker gave their number in the feed of their cafeteria',
  })
  const lag = options.metrics.gauge({
    name: 'feed_lag_seconds',
    help: 'Age of the oldest event without a number in the feed of its cafeteria, 0 when all have one',
  })

  return {
    // The SQL function sequence_events moves the position of this name.
    name: 'feed',
    job: 'sequence-events',
    from: 'beginning',
    // Screens wait for it, and a poll that finds nothing costs a few index look-ups and writes nothing.
    leastSeconds: 0.008,
    onLag: (seconds) => lag.set(seconds),
    async advance(db, limit) {
      const startedAt = performance.now()
      const { numbered, relayed } = await relayEvents(db, limit)
      sequenced.inc(numbered)
      const traced = traceRelay(options.tracing, relayed, startedAt)
      if (traced.length > 0) options.relay.publish(traced)
      return numbered
    },
  }
}
