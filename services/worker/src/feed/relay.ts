import type { Cache } from '@comanda/cache'
import { cacheTags } from '@comanda/events'
import { createRelayPublisher, type RelayPublisher } from '@comanda/events/relay'
import type { Logger, Metrics, Redis } from '@comanda/service'

interface RelayDependencies {
  cache: Pick<Cache, 'invalidateTags'>
  redis: Redis
  redisPrefix: string
  log: Logger
  metrics: Metrics
}

/**
 * Publishes to the gateways, with metrics; the Redis client logs when Redis is away. It also invalidates what is cached for the
 * customers whose orders moved: an API that moved one does so itself, unless it died right after its commit.
 */
export function createRelay({ cache, redis, redisPrefix, log, metrics }: RelayDependencies): RelayPublisher {
  const published = metrics.counter({
    name: 'events_published_total',
    help: 'Events that this worker sent to the gateways, whether or not they reached Redis',
  })
  const failures = metrics.counter({
    name: 'publish_failures_total',
    help: 'Messages to the gateways, of up to 50 events each, that did not reach Redis',
  })
  const publisher = createRelayPublisher({
    redis,
    prefix: redisPrefix,
    onFailed(err) {
      failures.inc()
      log.debug({ err }, 'message not published')
    },
  })
  return {
    publish(orders) {
      publisher.publish(orders)
      published.inc(orders.length)
      const customers = new Set(orders.map(({ userId }) => cacheTags.customer(userId)))
      void cache.invalidateTags([...customers])
    },
    close: publisher.close,
  }
}
