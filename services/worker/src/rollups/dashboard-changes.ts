import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { createDashboardPublisher } from '@comanda/events/relay'
import type { Logger, Metrics, Redis } from '@comanda/service'
import { listDashboardChanges } from './dashboard-changes.repository.ts'

export interface DashboardChanges {
  /** To be called after the commit of what changed the numbers of these cafeterias. Publishes without waiting. */
  changed: (cafeteriaIds: readonly string[]) => void
  /** Resolves when everything noted so far was published. */
  close: () => Promise<void>
}

interface DashboardChangesDependencies {
  database: Database
  cache: Pick<Cache, 'invalidateTags'>
  redis: Redis
  redisPrefix: string
  log: Logger
  metrics: Metrics
}

/** The shortest time between two changes of a cafeteria, which also bounds how often its dashboard is read anew. */
const leastMilliseconds = 1000

/**
 * Publishes to the gateways what has changed in the dashboards of cafeterias, and invalidates the dashboards that are cached: one
 * statement for all cafeterias that are due, and each of them once a second at most. Nothing here ever rejects. The next
 * change of the cafeteria makes up for one that is lost with Redis or with this process.
 */
export function createDashboardChanges(dependencies: DashboardChangesDependencies): DashboardChanges {
  const { database, cache, redis, redisPrefix, log, metrics } = dependencies
  const published = metrics.counter({
    name: 'dashboard_changes_published_total',
    help: 'Changes of dashboards that this worker sent to the gateways, whether or not they reached Redis',
  })
  const failures = metrics.counter({
    name: 'publish_failures_total',
    help: 'Messages to the gateways that did not reach Redis',
  })
  const publisher = createDashboardPublisher({
    redis,
    prefix: redisPrefix,
    onFailed(err) {
      failures.inc()
      log.debug({ err }, 'message not published')
    },
  })
  const waiting = new Set<string>()
  // The number of cafeterias bounds it.
  const publishedAt = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let publishing = Promise.resolve()
  let closed = false

  const dueAt = (cafeteriaId: string) =>
    (publishedAt.get(cafeteriaId) ?? -leastMilliseconds) + leastMilliseconds

  function schedule(): void {
    if (timer !== undefined || waiting.size === 0 || closed) return
    const first = Math.min(...[...waiting].map(dueAt))
    timer = setTimeout(publishDue, Math.max(0, first - performance.now()))
  }

  function publishDue(): void {
    const now = performance.now()
    const due = [...waiting].filter((cafeteriaId) => dueAt(cafeteriaId) <= now)
    for (const cafeteriaId of due) {
      waiting.delete(cafeteriaId)
      publishedAt.set(cafeteriaId, now)
    }
    publishing = publish(due)
      .catch((err: unknown) => {
        log.warn({ err }, 'changes of dashboards were not published')
        for (const cafeteriaId of due) waiting.add(cafeteriaId)
      })
      .finally(() => {
        timer = undefined
        schedule()
      })
  }

  async function publish(cafeteriaIds: readonly string[]): Promise<void> {
    if (cafeteriaIds.length === 0) return
    await cache.invalidateTags(cafeteriaIds.map(cacheTags.dashboard), { after: await database.position() })
    for (const change of await listDashboardChanges(database.primary, cafeteriaIds)) {
      publisher.publish(change)
      published.inc()
    }
  }

  return {
    changed(cafeteriaIds) {
      for (const cafeteriaId of cafeteriaIds) waiting.add(cafeteriaId)
      schedule()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await publishing
      await publish([...waiting]).catch((err: unknown) =>
        log.warn({ err }, 'changes of dashboards were not published'),
      )
      await publisher.close()
    },
  }
}
