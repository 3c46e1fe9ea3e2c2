import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import type { Logger, Metrics, Redis } from '@comanda/service'
import { cacheTags } from '../cache-tags.ts'
import { createCataloguePublisher } from '../relay/catalogue-publisher.ts'
import { findCatalogueVersion } from './catalogue-versions.repository.ts'
import { createQuantityChanges } from './quantity-changes.ts'

/** What a transaction did to stock: a product sold out or came back (`availability`), or only quantities changed. */
export type StockChange = 'availability' | 'quantity'

/**
 * Makes a change of a menu known: invalidates what is cached before the promise resolves, and publishes the change to the
 * gateways without waiting. Gateways poll too, so they find within seconds what was not published. Nothing here ever rejects.
 */
export interface CatalogueChanges {
  /**
   * To be called after the commit of a change to what customers see of a cafeteria.
   * @param version the version that the change raised the catalogue to; read from the database when left out
   */
  changed: (cafeteriaId: string, version?: number) => Promise<void>
  /**
   * To be called after the commit of an order's move, with what it did to stock; null when that is nothing. When it resolves, readers with
   * the consistency token of the move see it; what it did to quantities, others see within a tenth of a second.
   */
  stockChanged: (cafeteriaId: string, change: StockChange | null) => Promise<void>
  /** Resolves when everything noted so far was invalidated and published. */
  close: () => Promise<void>
}

export interface CatalogueChangesDependencies {
  database: Database
  cache: Pick<Cache, 'invalidateTags' | 'announceInvalidation'>
  redis: Redis
  redisPrefix: string
  log: Logger
  metrics: Metrics
}

/** Publishes through `redis`, which remains the caller's to close. */
export function createCatalogueChanges(dependencies: CatalogueChangesDependencies): CatalogueChanges {
  const { database, cache, redis, redisPrefix, log, metrics } = dependencies
  const published = metrics.counter({
    name: 'catalog_changes_published_total',
    help: 'Changes of what customers see that this process published to the gateways, whether or not they reached Redis',
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

  async function publishNewest(cafeteriaId: string, known: number | undefined): Promise<void> {
    const version = known ?? (await findCatalogueVersion(database.primary, cafeteriaId))
    if (version === undefined) return
    publisher.publish({ cafeteriaId, version, at: new Date().toISOString() })
    published.inc()
  }

  const inFlight = new Set<Promise<void>>()
  function publish(cafeteriaId: string, version?: number): void {
    const publishing = publishNewest(cafeteriaId, version)
      .catch((err: unknown) => log.warn({ err, cafeteriaId }, 'a change of the catalogue was not published'))
      .finally(() => inFlight.delete(publishing))
    inFlight.add(publishing)
  }

  /** Whatever is loaded after this comes from a server that has the change. */
  async function invalidate(...tags: string[]): Promise<void> {
    await cache.invalidateTags(tags, { after: await database.position() })
  }
  const stockTags = (cafeteriaId: string) => [cacheTags.stock(cafeteriaId), cacheTags.everyStock]
  const quantities = createQuantityChanges({
    announce: (cafeteriaId) => cache.announceInvalidation(stockTags(cafeteriaId)),
    invalidate: async (announcement) => announcement.invalidate({ after: await database.position() }),
  })

  return {
    changed(cafeteriaId, version) {
      publish(cafeteriaId, version)
      return invalidate(cacheTags.catalogue(cafeteriaId), cacheTags.everyCatalogue)
    },
    async stockChanged(cafeteriaId, change) {
      if (change === 'quantity') await quantities.note(cafeteriaId)
      if (change !== 'availability') return
      publish(cafeteriaId)
      await invalidate(...stockTags(cafeteriaId), cacheTags.everyAvailability)
    },
    async close() {
      await Promise.all([quantities.close(), ...inFlight])
      await publisher.close()
    },
  }
}
