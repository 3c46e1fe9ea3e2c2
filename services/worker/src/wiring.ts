import { createServiceCache } from '@comanda/cache'
import { createCatalogueChanges } from '@comanda/events/catalogue'
import { createEventWake, listenForWakes } from '@comanda/events/wake'
import { redisPrefix, type Service } from '@comanda/service'
import { listConsumers } from './consumer-list.ts'
import { consumerJobs } from './consumers/consumer-jobs.ts'
import type { Dependencies } from './dependencies.ts'
import { createRelay } from './feed/relay.ts'
import { createDashboardChanges } from './rollups/dashboard-changes.ts'
import { version } from './version.ts'

/** Makes what several jobs share, once per process. `close` ends what was begun here, and leaves pools and connections open. */
export function wire(
  { redis }: Service,
  { config, log, metrics, tracing, database, subscriber, providers }: Dependencies,
) {
  const prefix = redisPrefix(config)
  const { wake, probe } = createEventWake(redis, prefix)
  const everySeconds = config.WORKER_POLL_SECONDS
  // The worker reads nothing from the cache: it invalidates what others keep.
  const cache = createServiceCache({
    name: 'worker',
    version,
    config: {
      ...config,
      CACHE: 'on',
      CACHE_MEMORY_BYTES: 0,
      CACHE_ENTRY_BYTES: 1024,
      CACHE_ROUTE_BYTES: 65_536,
    },
    redis,
    subscriber,
    metrics,
    log,
  })
  const changes = createCatalogueChanges({ database, cache, redis, redisPrefix: prefix, log, metrics })
  const payments = {
    database,
    providers,
    timeoutSeconds: config.PAYMENT_TIMEOUT_SECONDS,
    log,
    metrics,
    everySeconds,
    changes,
    wake,
  }
  const relay = createRelay({ cache, redis, redisPrefix: prefix, log, metrics })
  const dashboards = createDashboardChanges({ database, cache, redis, redisPrefix: prefix, log, metrics })
  const consumers = consumerJobs(listConsumers({ log, metrics, relay, dashboards, tracing }), {
    database,
    metrics,
    probe,
  })
  const wakes = listenForWakes(subscriber, prefix, consumers)
  return {
    cache,
    changes,
    consumers,
    everySeconds,
    payments,
    wake,
    close: async () => {
      wakes.stop()
      await relay.close()
      await dashboards.close()
      await changes.close()
      await cache.close()
    },
  }
}
