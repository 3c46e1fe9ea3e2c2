import type { LoggedEvent } from '@comanda/events/log'
import type { Metrics } from '@comanda/service'
import type { HandlingConsumer } from '../consumers/consumer.ts'

const prefix = 'order.'

/** Counts the moves of orders from the log, where those of people, timers, rules and payment providers are all alike. */
export function orderMetricsConsumer({ metrics }: { metrics: Metrics }): HandlingConsumer {
  const moved = metrics.counter({
    name: 'orders_moved_total',
    help: 'Moves of orders by the status they led to, the first included, and the role of who made them; `system` is a timer, a rule or a payment provider',
    labels: ['status', 'actor_role'],
  })
  return {
    name: 'order-metrics',
    job: 'count-order-moves',
    from: 'now',
    // Metrics are scraped every few seconds.
    leastSeconds: 1,
    // Counted once the position has moved, so that nothing is counted twice.
    handled(events: readonly LoggedEvent[]) {
      for (const { type, actorRole } of events) {
        if (type.startsWith(prefix)) moved.inc({ status: type.slice(prefix.length), actor_role: actorRole })
      }
    },
  }
}
