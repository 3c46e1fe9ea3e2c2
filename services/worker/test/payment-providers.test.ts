import { type PaymentProvider, paymentProviders } from '@comanda/payments'
import { createSandboxProvider } from '@comanda/payments/sandbox-provider'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { refundPaymentsJob } from '#src/payments/refund-payments.job.ts'
import { reportUnclaimedJob } from '#src/payments/report-unclaimed.job.ts'
import { settlePaymentsJob } from '#src/payments/settle-payments.job.ts'
import { jobContext, openDatabase, openKitchen, startSandbox, webhookSecret } from './fixture.ts'

const never = new AbortController().signal
const within = () => AbortSignal.timeout(60_000)

/** Opens a kitchen, two independent providers, and the jobs of workers that are configured with some of them. */
async function open(t: Test) {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const [former, current] = [await startSandbox(t), await startSandbox(t)]
  const a = createSandboxProvider({ name: 'former', url: former.url, webhookSecret })
  const b = createSandboxProvider({ name: 'current', url: current.url, webhookSecret })
  const context = await jobContext()
  const db = owner.primary

  return {
    db,
    a,
    b,
    former,
    current,
    kitchen,
    errors: context.errors,
    /** A worker as it is configured now. Each job runs once, when all is due. */
    worker(forNewPayments: PaymentProvider, others: PaymentProvider[] = []) {
      const providers = paymentProviders(forNewPayments, others)
      const options = { database, providers, timeoutSeconds: 60, ...context }
      const [settle, refund] = [settlePaymentsJob(options), refundPaymentsJob(options)]
      const report = reportUnclaimedJob(options)
      return {
        async settle() {
          await kitchen.makeDue('payments')
          return settle.run(never)
        },
        async refund() {
          await kitchen.makeDue('refunds')
          await refund.run(never)
        },
        async report() {
          await report.run(never)
          const { values } = await context.metrics
            .gauge({ name: 'payments_without_provider', help: '', labels: ['provider'] })
            .get()
          return values.map(({ labels, value }) => ({ provider: labels.provider, value }))
        },
      }
    },
    /** Places an order that a provider has authorised, which the database does not know yet. */
    async authorize(provider: PaymentProvider) {
      const placed = await kitchen.place('card', provider.name)
      const request = { amountCents: 6500, currency: 'MXN', token: 'tok_ok', signal: within() }
      await provider.authorize({ paymentId: placed.paymentId, ...request })
      return placed
    },
    /** What a provider took and gave back, by its own account. */
    async moneyAt({ url }: { url: string }, paymentId: string) {
      const found = await fetch(`${url}/authorizations/authorize:${paymentId}`)
      if (found.status === 404) return null
      const { status, refundedCents } = (await found.json()) as { status: string; refundedCents: number }
      return { status, refundedCents }
    },
    refunds: () =>
      sql<{ status: string }>`select status from refunds order by created_at`
        .execute(db)
        .then(({ rows }) => rows.map(({ status }) => status)),
    async prepare(orderId: string) {
      await kitchen.move(orderId, 'placed', 'accepted')
      await kitchen.move(orderId, 'accepted', 'preparing')
    },
  }
}

t.test(
  'after the switch, each payment is captured and refunded by the provider it was made with',
  async (t) => {
    const { kitchen, a, b, former, current, worker, authorize, moneyAt, prepare, refunds } = await open(t)
    const before = await authorize(a)
    await worker(a).settle()
    t.match(await kitchen.payment(before.paymentId), { status: 'authorized' })

    const switched = worker(b, [a])
    const after = await authorize(b)
    await switched.settle()
    t.match(await kitchen.payment(after.paymentId), { status: 'authorized' })

    for (const { orderId } of [before, after]) await prepare(orderId)
    await switched.settle()
    for (const { orderId } of [before, after]) await kitchen.move(orderId, 'preparing', 'cancelled')
    await switched.refund()
    t.same(await refunds(), ['succeeded', 'succeeded'])
    const refunded = { status: 'captured', refundedCents: 6500 }
    t.same(await moneyAt(former, before.paymentId), refunded)
    t.same(await moneyAt(current, after.paymentId), refunded)
    t.equal(await moneyAt(current, before.paymentId), null, 'the new provider has never heard of it')
    t.equal(await moneyAt(former, after.paymentId), null)
    t.same(await kitchen.problems(), [])
  },
)

t.test('after the switch, a payment that is not wanted any more is voided by its own provider', async (t) => {
  const { kitchen, a, b, former, worker, authorize, moneyAt } = await open(t)
  const { orderId, paymentId } = await authorize(a)
  await worker(a).settle()
  await kitchen.move(orderId, 'placed', 'rejected')
  await worker(b, [a]).settle()
  t.match(await kitchen.payment(paymentId), { status: 'voided' })
  t.match(await moneyAt(former, paymentId), { status: 'voided' })
})

t.test('a payment whose provider is not configured waits, is reported, and goes on when it is', async (t) => {
  const { kitchen, a, b, former, worker, authorize, moneyAt, prepare, errors, refunds } = await open(t)
  const { orderId, paymentId } = await authorize(a)
  const toRefund = await authorize(a)
  await worker(a).settle()
  for (const order of [orderId, toRefund.orderId]) await prepare(order)
  await kitchen.move(toRefund.orderId, 'preparing', 'cancelled')

  const forgetful = worker(b)
  const unanswered = await authorize(b)
  await forgetful.settle()
  await forgetful.refund()
  t.match(await kitchen.payment(unanswered.paymentId), { status: 'authorized' }, 'others are not held up')
  t.match(await kitchen.payment(paymentId), { status: 'capturing', attempts: 1 }, 'nobody was asked about it')
  t.match(await moneyAt(former, paymentId), { status: 'authorized' })
  t.same(await forgetful.report(), [{ provider: 'former', value: 3 }])
  t.same(await forgetful.report(), [{ provider: 'former', value: 3 }])
  t.same(errors, [
    {
      context: { provider: 'former', payments: 2, refunds: 1 },
      message: 'payments wait for a provider that is not configured',
    },
  ])

  const mended = worker(b, [a])
  t.same(await mended.report(), [])
  await mended.settle()
  await mended.refund()
  t.match(await kitchen.payment(paymentId), { status: 'captured' })
  t.same(await refunds(), ['succeeded'])
  t.equal(errors.length, 1)
  t.same(await kitchen.problems(), [])
})

t.test('a provider that is away, with more than a batch of payments, holds up no other', async (t) => {
  const { db, kitchen, a, b, former, worker, authorize } = await open(t)
  await sql`insert into payments (purpose, user_id, provider, amount_cents, currency, status, next_attempt_at)
    select 'top_up', ${kitchen.userId}, ${a.name}, 100, 'MXN', 'pending', now() from generate_series(1, 25)`.execute(
    db,
  )
  const { paymentId } = await authorize(b)
  await former.sandbox.close()

  t.equal(await worker(b, [a]).settle(), true, 'more is waiting')
  t.match(await kitchen.payment(paymentId), { status: 'authorized' })
  const asked = await sql`select status, attempts, count(*)::integer from payments where provider = ${a.name}
    group by status, attempts order by attempts`.execute(db)
  t.same(asked.rows, [
    { status: 'pending', attempts: 0, count: 5 },
    { status: 'pending', attempts: 1, count: 20 },
  ])
})
