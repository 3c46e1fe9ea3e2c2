import { databaseChecks } from '@comanda/database'
import { buildService, redisPrefix, type Service } from '@comanda/service'
import { measureActiveCustomersJob } from './active-customers/measure-active-customers.job.ts'
import { checkBalancesJobs } from './balances/check-balances.jobs.ts'
import { republishChangesJob } from './catalogue/republish-changes.job.ts'
import { cleanUpJob } from './cleanup/clean-up.job.ts'
import type { Dependencies } from './dependencies.ts'
import { pruneFeedsJob } from './feed/prune-feeds.job.ts'
import { runJobs } from './jobs/run-jobs.ts'
import { orderTimersJob } from './order-timers/order-timers.job.ts'
import { refundPaymentsJob } from './payments/refund-payments.job.ts'
import { reportUnclaimedJob } from './payments/report-unclaimed.job.ts'
import { settlePaymentsJob } from './payments/settle-payments.job.ts'
import { openSlotsJob } from './slots/open-slots.job.ts'
import { topProductsJob } from './top-products/top-products.job.ts'
import { version } from './version.ts'
import { wire } from './wiring.ts'

/** The worker, whose jobs run from the first moment. Closing it finishes the batches under way. */
export async function buildApp(dependencies: Dependencies): Promise<Service> {
  const { config, log, metrics, tracing, database, redis } = dependencies
  const app = await buildService({
    name: 'worker',
    version,
    config,
    log,
    metrics,
    tracing,
    redis,
    redisPrefix: redisPrefix(config),
    health: databaseChecks(database),
    openapi: { title: 'comanda worker', description: 'Health of the worker; it has no API.' },
  })
  const { cache, changes, consumers, everySeconds, payments, wake, close } = wire(app, dependencies)
  const jobs = runJobs(
    [
      ...consumers.jobs,
      pruneFeedsJob({ database, metrics, days: config.FEED_RETENTION_DAYS }),
      orderTimersJob({ database, changes, log, metrics, everySeconds, wake }),
      settlePaymentsJob(payments),
      refundPaymentsJob(payments),
      reportUnclaimedJob(payments),
      republishChangesJob({ database, changes }),
      topProductsJob({ database, cache }),
      openSlotsJob({ database, days: config.WORKER_SLOT_DAYS }),
      cleanUpJob({ database }),
      measureActiveCustomersJob({ database, metrics }),
      ...checkBalancesJobs({ database, log, metrics }),
    ],
    { log, metrics },
  )
  app.addHealthCheck(jobs.check)
  app.addHook('onClose', async () => {
    await jobs.stop()
    await close()
  })
  return app
}
