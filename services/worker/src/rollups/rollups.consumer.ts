import type { AdvancingConsumer } from '../consumers/consumer.ts'
import { rollUp } from './rollups.repository.ts'

/** Adds what happens to the sums from which analytics answers. */
export function rollupsConsumer(): AdvancingConsumer {
  return {
    // The SQL function roll_up moves the position of this name.
    name: 'rollups',
    job: 'roll-up',
    from: 'beginning',
    // A dashboard shows what happened within a second, and in a rush a batch is of many events.
    leastSeconds: 0.2,
    async advance(db, limit) {
      const { events } = await rollUp(db, limit)
      return events
    },
  }
}
