import {
  type AuthorizationResult,
  paymentsMetric,
  postpone,
  settleAuthorization,
  settleCapture,
  settleVoid,
} from '@comanda/payments'
import type { Job } from '../jobs/job.ts'
import { type ClaimedPayment, claimPayments } from './claims.repository.ts'
import { claimLimits, forEachClaimed, type PaymentJobOptions } from './payment-jobs.ts'

/**
 * Settles payments: finds out the outcome of those whose provider did not answer, captures those whose order is being prepared, and voids
 * those that are not wanted any more. It asks each payment's own provider under the payment's own key, so asking again does no harm.
 */
export function settlePaymentsJob(options: PaymentJobOptions): Job {
  const { database, providers, log } = options
  const payments = options.metrics.counter(paymentsMetric)
  const db = database.primary
  const deadline = () => AbortSignal.timeout(options.timeoutSeconds * 1000)

  /** Voids the payment. The provider then also refuses a call for it that is still in flight. */
  async function giveUp({ id, provider }: ClaimedPayment, settle: () => Promise<unknown>): Promise<void> {
    const { outcome } = await providers.get(provider).void({ paymentId: id, signal: deadline() })
    if (outcome === 'succeeded') {
      await settle()
      return
    }
    if (outcome === 'refused') log.error({ paymentId: id, provider }, 'a payment could not be voided')
    await postpone(db, 'payments', id)
  }

  /** Books what became of an authorisation. Resolves to whether that was new. */
  async function settle(id: string, result: AuthorizationResult): Promise<boolean> {
    const settled = await settleAuthorization(db, id, result)
    if (!settled?.changed) return false
    const { order } = settled
    if (order) await options.changes.stockChanged(order.cafeteriaId, order.stockChange)
    options.wake()
    return true
  }

  async function reconcile(payment: ClaimedPayment): Promise<void> {
    const { id, provider, abandoned } = payment
    const found = await providers.get(provider).find({ paymentId: id, signal: deadline() })
    if (found === null) {
      await giveUp(payment, () => settle(id, { outcome: 'failed' }))
    } else if (found.outcome === 'unknown') {
      await postpone(db, 'payments', id)
    } else if (found.outcome === 'pending' && abandoned) {
      await giveUp(payment, () => settleVoid(db, id))
    } else {
      if (await settle(id, found)) payments.inc({ provider, outcome: found.outcome })
    }
  }

  async function capture({ id, provider, amountCents }: ClaimedPayment): Promise<void> {
    const result = await providers.get(provider).capture({ paymentId: id, amountCents, signal: deadline() })
    if (result.outcome === 'unknown') await postpone(db, 'payments', id)
    else await settleCapture(db, id, result)
    if (result.outcome === 'refused') log.error({ paymentId: id, provider }, 'a capture was refused')
  }

  return {
    name: 'settle-payments',
    everySeconds: options.everySeconds,
    async run() {
      const claimed = await claimPayments(db, claimLimits(options))
      return forEachClaimed(claimed, async (payment) => {
        if (payment.status === 'capturing') await capture(payment)
        else if (payment.status === 'voiding') await giveUp(payment, () => settleVoid(db, payment.id))
        else await reconcile(payment)
      })
    },
  }
}
