import { setTimeout as wait } from 'node:timers/promises'
import { paymentProviders } from '@comanda/payments'
import { createSandboxProvider } from '@comanda/payments/sandbox-provider'
import type { Test } from 'tap'
import { orderTimersJob } from '#src/order-timers/order-timers.job.ts'
import { refundPaymentsJob } from '#src/payments/refund-payments.job.ts'
import { settlePaymentsJob } from '#src/payments/settle-payments.job.ts'
import { jobContext, openDatabase, openKitchen, startSandbox, webhookSecret } from './fixture.ts'

const never = new AbortController().signal

/** A kitchen, a sandbox, and the jobs of one worker between them. */
export async function openSettling(t: Test) {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const { sandbox, url } = await startSandbox(t)
  const provider = createSandboxProvider({ url, webhookSecret })
  const context = await jobContext()
  const options = { database, providers: paymentProviders(provider), timeoutSeconds: 60, ...context }
  const [settle, refund] = [settlePaymentsJob(options), refundPaymentsJob(options)]
  const timers = orderTimersJob({ database, ...context })
  const db = owner.primary
  const atProvider = (paymentId: string) => provider.find({ paymentId, signal: AbortSignal.timeout(60_000) })
  return {
    db,
    kitchen,
    sandbox,
    url,
    errors: context.errors,
    stockChanges: context.stockChanges,
    /** Authorises as the orders service does, and dies before it books the answer. */
    async authorize(paymentId: string, token: string) {
      const patience = new AbortController()
      const authorization = { paymentId, token, amountCents: 6500, currency: 'MXN', signal: patience.signal }
      const answer = provider.authorize(authorization)
      if (token === 'tok_timeout') {
        while ((await atProvider(paymentId)) === null) await wait(20)
        patience.abort()
      }
      return answer
    },
    atProvider,
    /** Makes payments due and settles them, as the worker does in one poll. */
    async settle(times = 1) {
      for (let time = 0; time < times; time += 1) {
        await kitchen.makeDue('payments')
        await settle.run(never)
      }
    },
    settleJob: () => settle.run(never),
    async refund() {
      await kitchen.makeDue('refunds')
      await refund.run(never)
    },
    async expire() {
      await kitchen.makeDue('orders')
      await timers.run(never)
    },
    async check(t: Test) {
      t.same(await kitchen.problems(), [], 'the books balance')
    },
  }
}
