import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import type { Logger, Metrics, Redis } from '@comanda/service'
import { cacheTags } from '../cache-tags.ts'
import { createCataloguePublisher } from '../relay/catalogue-publisher.ts'
import { findCatalogueVersion } from './catalogue-versions.repository.ts'
import { createQuantityChanges } from './quantity-changes.ts'

/** What a transaction did to how much there is: something sold out or came back, or some of something was taken or returned. */
export type StockChange = 'availability' | 'quantity'

/**
 * Where everything comes together that must be known when a menu is not what it was. Nothing here ever rejects. What is cached is
 * forgotten before a promise resolves; the gateways are told without waiting, and find within seconds what they are not told.
 */
export interface CatalogueChanges {
  /**
   * Something that customers see of a cafeteria was changed, and is committed.
   * @param version what the change raised it to; looked up unless given
   */
  changed: (cafeteriaId: string, version?: number) => Promise<void>
  /** An order, or its end, changed nothing but how much there is. Null: it did not. */
  stockChanged: (cafeteriaId: string, change: StockChange | null) => Promise<void>
  close: () => Promise<void>
}

export interface CatalogueChangesDependencies {
  database: Database
  cache: Pick<Cache, 'invalidateTags'>
  redis: Redis
  redisPrefix: string
  log: Logger
  metrics: Metrics
}

export function createCatalogueChanges(dependencies: CatalogueChangesDependencies): CatalogueChanges {
  const { database, cache, redis, redisPrefix, log, metrics } = dependencies
  const published = metrics.counter({
    name: 'catalog_changes_published_total',
    help: 'Changes of what customers see that this process told the gateways, whether or not they reached Redis',
  })
  const failures = metrics.counter({
    name: 'publish_failures_total',
    help: 'Messages to the gateways that did not reach Redis',
  })
  const publisher = createCataloguePublisher({
    redis,
    prefix: redisPrefix,
    onFailed(err) {
      failures.inc()
      log.debug({ err }, 'message not published')
    },
  })

  async function publish(cafeteriaId: string, known: number | undefined): Promise<void> {
    const version = known ?? (await findCatalogueVersion(database.primary, cafeteriaId))
    if (version === undefined) return
    publisher.publish({ cafeteriaId, version, at: new Date().toISOString() })
    published.inc()
  }

  const telling = new Set<Promise<void>>()
  function tell(cafeteriaId: string, version?: number): void {
    const told = publish(cafeteriaId, version)
      .catch((err: unknown) => log.warn({ err, cafeteriaId }, 'a change of the catalogue was not told'))
      .finally(() => telling.delete(told))
    telling.add(told)
  }

  /** What is loaded from now on comes from a server that has the change. */
  async function forget(...tags: string[]): Promise<void> {
    await cache.invalidateTags(tags, { after: await database.position() })
  }
  const forgetStock = (cafeteriaId: string) => forget(cacheTags.stock(cafeteriaId), cacheTags.everyStock)
  const quantities = createQuantityChanges(forgetStock)

  return {
    changed(cafeteriaId, version) {
      tell(cafeteriaId, version)
      return forget(cacheTags.catalogue(cafeteriaId), cacheTags.everyCatalogue)
    },
    async stockChanged(cafeteriaId, change) {
      if (change === 'quantity') quantities.note(cafeteriaId)
      if (change !== 'availability') return
      tell(cafeteriaId)
      await forgetStock(cafeteriaId)
    },
    async close() {
      await Promise.all([quantities.close(), ...telling])
      await publisher.close()
    },
  }
}
