import { createCache } from '@comanda/cache'
import { type Database, databaseChecks, databaseOptions } from '@comanda/database'
import { createCatalogueChanges } from '@comanda/events/catalogue'
import { createEventWake, listenForWakes } from '@comanda/events/wake'
import type { PaymentProviders } from '@comanda/payments'
import {
  buildService,
  type Logger,
  type Metrics,
  type Redis,
  redisPrefix,
  type Service,
} from '@comanda/service'
import { checkBalancesJob } from './balances/check-balances.job.ts'
import { tellChangesJob } from './catalogue/tell-changes.job.ts'
import { cleanUpJob } from './cleanup/clean-up.job.ts'
import type { Config } from './config.ts'
import { listConsumers } from './consumer-list.ts'
import { consumerJobs } from './consumers/consumer-jobs.ts'
import { pruneFeedsJob } from './feed/prune-feeds.job.ts'
import { createRelay } from './feed/relay.ts'
import { runJobs } from './jobs/run-jobs.ts'
import { orderTimersJob } from './order-timers/order-timers.job.ts'
import { refundPaymentsJob } from './payments/refund-payments.job.ts'
import { reportUnclaimedJob } from './payments/report-unclaimed.job.ts'
import { settlePaymentsJob } from './payments/settle-payments.job.ts'
import { openSlotsJob } from './slots/open-slots.job.ts'
import { topProductsJob } from './top-products/top-products.job.ts'
import { version } from './version.ts'

export interface AppDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  redis: Redis
  /** Of `createRedisSubscriber`. */
  subscriber: Redis
  providers: PaymentProviders
}

/** The worker, at work from the first moment. Closing it finishes the batches under way and closes the database and Redis. */
export async function buildApp(dependencies: AppDependencies): Promise<Service> {
  const { config, log, metrics, database, redis, subscriber, providers } = dependencies
  const prefix = redisPrefix(config)
  const { wake, probe } = createEventWake(redis, prefix)
  const everySeconds = config.WORKER_POLL_SECONDS
  const payments = {
    database,
    providers,
    timeoutSeconds: config.PAYMENT_TIMEOUT_SECONDS,
    log,
    metrics,
    everySeconds,
    wake,
  }
  // It reads nothing from the cache, but tells what must be forgotten.
  const cache = createCache({
    config: { CACHE: 'on', CACHE_MEMORY_BYTES: 0, CACHE_ENTRY_BYTES: 1024 },
    redis,
    subscriber,
    namespace: `worker-${version}`,
    space: `${prefix}:cache`,
    metrics,
    log,
  })
  const changes = createCatalogueChanges({ database, cache, redis, redisPrefix: prefix, log, metrics })
  const relay = createRelay({ cache, redis, redisPrefix: prefix, log, metrics })
  const consumers = consumerJobs(listConsumers({ log, metrics, relay }), { database, metrics, probe })
  const wakes = listenForWakes(subscriber, prefix, consumers)
  const jobs = runJobs(
    [
      ...consumers.jobs,
      pruneFeedsJob({ database, metrics, days: config.FEED_RETENTION_DAYS }),
      orderTimersJob({ database, changes, log, metrics, everySeconds, wake }),
      settlePaymentsJob(payments),
      refundPaymentsJob(payments),
      reportUnclaimedJob(payments),
      tellChangesJob({ database, changes }),
      topProductsJob({ database, cache }),
      openSlotsJob({ database, days: config.WORKER_SLOT_DAYS }),
      cleanUpJob({ database }),
      checkBalancesJob({ database, log, metrics }),
    ],
    { log, metrics },
  )
  const app = await buildService({
    name: 'worker',
    version,
    config,
    log,
    metrics,
    redis,
    redisPrefix: prefix,
    health: [...databaseChecks(database, databaseOptions(config, 'worker')), jobs.check],
    openapi: { title: 'comanda worker', description: 'Health of the worker; it has no API.' },
  })
  app.addHook('onClose', async () => {
    wakes.stop()
    await jobs.stop()
    await relay.close()
    await changes.close()
    await cache.close()
    subscriber.disconnect()
    await database.close()
  })
  return app
}
