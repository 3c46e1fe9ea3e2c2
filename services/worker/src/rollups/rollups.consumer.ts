import type { AdvancingConsumer } from '../consumers/consumer.ts'
import type { DashboardChanges } from './dashboard-changes.ts'
import { rollUp } from './rollups.repository.ts'

/** Adds what happens to the sums from which analytics answers, and has the dashboards that it changes published. */
export function rollupsConsumer({
  dashboards,
}: {
  dashboards: Pick<DashboardChanges, 'changed'>
}): AdvancingConsumer {
  return {
    // The SQL function roll_up moves the position of this name.
    name: 'rollups',
    job: 'roll-up',
    from: 'beginning',
    // A dashboard shows what happened within a second, and in a rush a batch is of many events.
    leastSeconds: 0.2,
    async advance(db, limit) {
      const { events, changes } = await rollUp(db, limit)
      dashboards.changed(changes.map(({ cafeteriaId }) => cafeteriaId))
      return events
    },
  }
}
