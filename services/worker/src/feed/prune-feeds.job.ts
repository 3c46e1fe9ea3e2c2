import type { Database } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import { pruneFeed } from './feed.repository.ts'

const everySeconds = 3600
/** While one batch is under way, what happens is not numbered: a few milliseconds. */
const batchSize = 500

/** Deletes from the feeds what happened long ago; nobody catches up from that. The history of orders is not touched. */
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
