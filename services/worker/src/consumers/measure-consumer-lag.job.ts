import type { Database } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import { getFeedLag } from './feed.repository.ts'

const everySeconds = 1

/** Every worker measures it, so that it is seen too when nobody gets to number events: a long transaction holds them up. */
export function measureFeedLagJob({ database, metrics }: { database: Database; metrics: Metrics }): Job {
  const lag = metrics.gauge({
    name: 'feed_lag_seconds',
    help: 'Age of the oldest event without a number in the feed of its cafeteria, 0 when all have one',
  })

  return {
    name: 'measure-feed-lag',
    everySeconds,
    async run() {
      lag.set(await getFeedLag(database.primary))
      return false
    },
  }
}
