import type { Job } from '../jobs/job.ts'
import { countUnclaimed } from './claims.repository.ts'
import type { PaymentJobOptions } from './payment-jobs.ts'

/**
 * Reports payments and refunds that wait for a provider that is not configured (any more), in the log when their number changes. They
 * are settled as soon as `PAYMENT_OTHER_PROVIDERS` names it.
 */
export function reportUnclaimedJob({ database, providers, log, metrics }: PaymentJobOptions): Job {
  const unclaimed = metrics.gauge({
    name: 'payments_without_provider',
    help: 'Payments and refunds that wait for a provider that is not configured',
    labels: ['provider'],
  })
  let reported = ''

  return {
    name: 'report-unclaimed',
    everySeconds: 60,
    async run() {
      const found = await countUnclaimed(database.primary, providers.names)
      unclaimed.reset()
      for (const { provider, payments, refunds } of found) unclaimed.set({ provider }, payments + refunds)
      const state = JSON.stringify(found)
      if (state !== reported) {
        for (const waiting of found) log.error(waiting, 'payments wait for a provider that is not configured')
      }
      reported = state
      return false
    },
  }
}
