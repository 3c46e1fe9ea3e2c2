import type { Database } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import { pruneFeed } from './feed.repository.ts'

const everySeconds = 3600
/** A batch holds up the numbering of events, so it is small enough to take a few milliseconds. */
const batchSize = 500

/** Deletes old entries from the feeds, because no screen catches up from that far behind. The history of orders stays. */
export function pruneFeedsJob(options: { database: Database; metrics: Metrics; days: number }): Job {
  const { database, days } = options
  const pruned = options.metrics.counter({
    name: 'feed_entries_pruned_total',
    help: 'Old entries that were deleted from the feeds of cafeterias',
  })

  return {
    name: 'prune-feeds',
    everySeconds,
    async run() {
      const count = await pruneFeed(database.primary, days, batchSize)
      pruned.inc(count)
      return count > 0
    },
  }
}
