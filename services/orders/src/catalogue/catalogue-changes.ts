import type { Database } from '@comanda/database'
import { createCatalogPublisher } from '@comanda/events/relay'
import type { Logger, Metrics, Redis } from '@comanda/service'
import { findCatalogueVersion } from './catalogue.repository.ts'

/** Where everything comes together that must be known when a menu is not what it was. */
export interface CatalogueChanges {
  /**
   * Something that customers see of a cafeteria was changed, and is committed. Never throws, and is waited for by nobody: it
   * tells the gateways, and what it does not get to tell they find themselves within seconds.
   * @param version what the change raised it to; looked up unless given
   */
  changed: (cafeteriaId: string, version?: number) => void
  close: () => Promise<void>
}

export interface CatalogueChangesDependencies {
  database: Database
  redis: Redis
  log: Logger
  metrics: Metrics
}

export function createCatalogueChanges(dependencies: CatalogueChangesDependencies): CatalogueChanges {
  const { database, redis, log, metrics } = dependencies
  const published = metrics.counter({
    name: 'catalog_changes_published_total',
    help: 'Changes of what customers see that this process told the gateways, whether or not they reached Redis',
  })
  const failures = metrics.counter({
    name: 'publish_failures_total',
    help: 'Messages to the gateways that did not reach Redis',
  })
  const publisher = createCatalogPublisher({
    redis,
    onFailed(err) {
      failures.inc()
      log.debug({ err }, 'message not published')
    },
  })

  async function tell(cafeteriaId: string, known: number | undefined): Promise<void> {
    const version = known ?? (await findCatalogueVersion(database.primary, cafeteriaId))
    if (version === undefined) return
    publisher.publish({ cafeteriaId, version, at: new Date().toISOString() })
    published.inc()
  }

  const telling = new Set<Promise<void>>()
  return {
    changed(cafeteriaId, version) {
      const told = tell(cafeteriaId, version)
        .catch((err: unknown) => log.warn({ err, cafeteriaId }, 'a change of the catalogue was not told'))
        .finally(() => telling.delete(told))
      telling.add(told)
    },
    async close() {
      await Promise.all(telling)
      await publisher.close()
    },
  }
}
