import { flushLog, type Logger, logEvent } from '@comanda/service'
import type { HandlingConsumer } from '../consumers/consumer.ts'
import { factsOf } from './facts.ts'

/**
 * Writes a log line for every event: `order_placed`, `payment_declined`, `refund_succeeded` and so on, at least once each. A line that
 * was written twice is recognised by its `eventId`.
 */
export function businessLogConsumer({ log }: { log: Logger }): HandlingConsumer {
  return {
    name: 'business-log',
    job: 'write-business-log',
    from: 'now',
    // Nobody waits for these lines, and reading many events costs as much as reading one.
    leastSeconds: 0.25,
    async handle(events) {
      for (const event of events) logEvent(log, event.type.replace('.', '_'), factsOf(event))
      flushLog(log)
    },
  }
}
