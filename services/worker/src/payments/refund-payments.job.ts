import { postpone, settleRefund } from '@comanda/payments'
import type { Job } from '../jobs/job.ts'
import { claimRefunds } from './claims.repository.ts'
import { claimLimits, forEachClaimed, type PaymentJobOptions } from './payment-jobs.ts'

/** Gives money back to cards, by the provider that each payment was made with. */
export function refundPaymentsJob(options: PaymentJobOptions): Job {
  const { database, providers, log } = options
  const db = database.primary
  const refunds = options.metrics.counter({
    name: 'refunds_total',
    help: 'Refunds to cards by outcome',
    labels: ['provider', 'outcome'],
  })

  return {
    name: 'refund-payments',
    everySeconds: options.everySeconds,
    async run() {
      const claimed = await claimRefunds(db, claimLimits(options))
      return forEachClaimed(claimed, async ({ id: refundId, provider, paymentId, amountCents }) => {
        const signal = AbortSignal.timeout(options.timeoutSeconds * 1000)
        const result = await providers.get(provider).refund({ refundId, paymentId, amountCents, signal })
        refunds.inc({ provider, outcome: result.outcome })
        if (result.outcome === 'unknown') await postpone(db, 'refunds', refundId)
        else await settleRefund(db, refundId, result)
        if (result.outcome === 'refused') log.error({ refundId, paymentId, provider }, 'a refund was refused')
      })
    },
  }
}
