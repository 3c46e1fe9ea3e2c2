import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import type { Job } from '../jobs/job.ts'
import { calculateNextTopProducts } from './top-products.repository.ts'

export interface TopProductsOptions {
  database: Database
  cache: Pick<Cache, 'invalidateTags'>
}

/** How soon a cafeteria is noticed whose hour is over; how many one batch does. */
const everySeconds = 30
const batchSize = 50

/** CAT-3: what each cafeteria sells most, calculated anew every hour, by one worker each. */
export function topProductsJob({ database, cache }: TopProductsOptions): Job {
  return {
    name: 'top-products',
    everySeconds,
    async run(signal) {
      for (let done = 0; done < batchSize; done += 1) {
        if (signal.aborted) return false
        const calculated = await calculateNextTopProducts(database.primary)
        if (calculated === undefined) return false
        if (!calculated.changed) continue
        const tags = [cacheTags.topProducts(calculated.cafeteriaId)]
        await cache.invalidateTags(tags, { after: await database.position() })
      }
      return true
    },
  }
}
