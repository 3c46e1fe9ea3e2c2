import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import type { Job } from '../jobs/job.ts'
import { calculateNextTopProducts } from './top-products.repository.ts'

export interface TopProductsOptions {
  database: Database
  cache: Pick<Cache, 'invalidateTags'>
}

/** How often due cafeterias are looked up, and how many of them one batch calculates. */
const everySeconds = 30
const batchSize = 50

/** Calculates every hour what each cafeteria sells most; one worker at a time calculates a cafeteria. */
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
