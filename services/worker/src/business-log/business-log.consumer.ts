import { flushLog, type Logger, logEvent } from '@comanda/service'
import type { HandlingConsumer } from '../consumers/consumer.ts'
import { factsOf } from './facts.ts'

/**
 * Writes a line of the log for everything that happened: `order_placed`, `payment_declined`, `refund_succeeded` and so on, at least
 * once each. `eventId` recognises a line that was written twice.
 */
export function businessLogConsumer({ log }: { log: Logger }): HandlingConsumer {
  return {
    name: 'business-log',
    job: 'write-business-log',
    from: 'now',
    // Nobody waits for it, and a read of many costs as much as a read of one.
    leastSeconds: 0.25,
    async handle(events) {
      for (const event of events) logEvent(log, event.type.replace('.', '_'), factsOf(event))
      flushLog(log)
    },
  }
}
