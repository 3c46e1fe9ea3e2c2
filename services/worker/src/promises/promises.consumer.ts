import type { HandlingConsumer } from '../consumers/consumer.ts'
import { learnPromises } from './promises.repository.ts'

/** Learns from every order that becomes ready how long its kitchen takes, for what is promised to the next ones. */
export function promisesConsumer(): HandlingConsumer {
  return {
    name: 'promises',
    job: 'learn-promises',
    // Orders are promised from what was learnt since this consumer exists, and those before it have nothing to learn from.
    from: 'now',
    // A promise that is two seconds behind is as good, and what was learnt of a kitchen is reckoned once for all orders of that time.
    leastSeconds: 2,
    async handle(events, tx) {
      const ready = events.filter(({ type }) => type === 'order.ready')
      if (ready.length > 0)
        await learnPromises(
          tx,
          ready.map(({ id }) => id),
        )
    },
  }
}
