import { setTimeout as wait } from 'node:timers/promises'
import { paymentProviders, settleAuthorization } from '@comanda/payments'
import { createSandboxProvider } from '@comanda/payments/sandbox-provider'
import t, { type Test } from 'tap'
import { orderTimersJob } from '#src/order-timers/order-timers.job.ts'
import { refundPaymentsJob } from '#src/payments/refund-payments.job.ts'
import { settlePaymentsJob } from '#src/payments/settle-payments.job.ts'
import { jobContext, openDatabase, openKitchen, startSandbox, webhookSecret } from './fixture.ts'

const never = new AbortController().signal

/** A kitchen, a sandbox, and the jobs of one worker between them. */
async function open(t: Test) {
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

t.test('a process that dies before it asks the provider: nothing is charged, now or later', async (t) => {
  const { kitchen, settle, authorize, expire, check, stockChanges } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'failed' })
  t.match(await kitchen.order(orderId), { status: 'pending_payment' }, 'the customer may try again')
  t.same(await kitchen.held(), { units: 0, places: 0 }, 'and others may have what it held')
  t.same(stockChanges, ['quantity'])
  t.match(
    await authorize(paymentId, 'tok_ok'),
    { outcome: 'failed' },
    'a call that was on its way is too late',
  )
  await expire()
  t.same(await kitchen.held(), { units: 0, places: 0 })
  await check(t)
})

t.test('a process that dies after the provider has charged: the order is placed', async (t) => {
  const { kitchen, settle, settleJob, authorize, check } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_ok')
  await settleJob()
  t.match(await kitchen.payment(paymentId), { status: 'pending' }, 'the process gets half a minute')
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'authorized' })
  t.match(await kitchen.order(orderId), { status: 'placed' })
  t.same(await kitchen.held(), { units: 1, places: 1 })
  await check(t)
})

t.test('a time-out is found out to have gone through, a decline to be one', async (t) => {
  const { db, kitchen, settle, authorize, check } = await open(t)
  const late = await kitchen.place()
  await settleAuthorization(db, late.paymentId, await authorize(late.paymentId, 'tok_timeout'))
  t.match(await kitchen.payment(late.paymentId), { status: 'unknown' })
  const declined = await kitchen.place()
  await authorize(declined.paymentId, 'tok_declined')
  await settle()
  t.match(await kitchen.order(late.orderId), { status: 'placed' })
  t.match(await kitchen.payment(declined.paymentId), { status: 'declined' })
  t.match(await kitchen.order(declined.orderId), { status: 'pending_payment' })
  await check(t)
})

t.test('a charge that is found after its order has expired is voided', async (t) => {
  const { kitchen, settle, authorize, atProvider, expire, check } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_ok')
  await expire()
  t.match(await kitchen.order(orderId), { status: 'expired' })
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'voiding' })
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'voided' })
  t.match(await atProvider(paymentId), { outcome: 'failed' })
  await check(t)
})

t.test('an authorisation of another amount places no order, and is voided', async (t) => {
  const { db, kitchen, settle, authorize, atProvider, check } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_ok')
  await db.updateTable('orders').set({ totalCents: 7000 }).where('id', '=', orderId).execute()
  await db.updateTable('payments').set({ amountCents: 7000 }).where('id', '=', paymentId).execute()
  await settle()
  t.match(await kitchen.order(orderId), { status: 'pending_payment' })
  t.match(await kitchen.payment(paymentId), { status: 'voiding' })
  t.same(await kitchen.held(), { units: 0, places: 0 })
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'voided' })
  t.match(await atProvider(paymentId), { outcome: 'failed' })
  await check(t)
})

t.test('what the provider has not decided is waited for, and given up with its order', async (t) => {
  const { kitchen, settle, authorize, expire, atProvider, check } = await open(t)
  const { paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_late')
  await settle(2)
  t.match(await kitchen.payment(paymentId), { status: 'pending', attempts: 2 })
  await expire()
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'voided' })
  t.match(await atProvider(paymentId), { outcome: 'failed' }, 'it can no longer be approved')
  await check(t)
})

t.test('an order is captured once when preparation starts, whatever number of workers', async (t) => {
  const { kitchen, settle, settleJob, authorize, check } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_ok')
  await settle()
  await kitchen.move(orderId, 'placed', 'accepted')
  await kitchen.move(orderId, 'accepted', 'preparing')
  t.match(await kitchen.payment(paymentId), { status: 'capturing' })
  await Promise.all([settleJob(), settleJob(), settleJob()])
  t.match(await kitchen.payment(paymentId), { status: 'captured' })
  await settle()
  await check(t)
})

t.test(
  'a cancelled order gets its card money back when the capture is through, and not before',
  async (t) => {
    const { db, kitchen, settle, refund, authorize, check } = await open(t)
    const { orderId, paymentId } = await kitchen.place()
    await authorize(paymentId, 'tok_ok')
    await settle()
    await kitchen.move(orderId, 'placed', 'accepted')
    await kitchen.move(orderId, 'accepted', 'preparing')
    await kitchen.move(orderId, 'preparing', 'cancelled')
    const refunds = () => db.selectFrom('refunds').select(['status', 'amountCents', 'reason']).execute()
    await refund()
    t.same(await refunds(), [{ status: 'pending', amountCents: 6500, reason: 'cancelled' }])
    await settle()
    await Promise.all([refund(), refund()])
    t.match(await refunds(), [{ status: 'succeeded' }])
    t.match(await kitchen.payment(paymentId), { status: 'captured', refundedCents: 6500 })
    const entries = await db.selectFrom('entries').select(['kind', 'method', 'amountCents']).execute()
    t.same(entries, [
      { kind: 'payment', method: 'card', amountCents: 6500 },
      { kind: 'refund', method: 'card', amountCents: 6500 },
    ])
    await check(t)
  },
)

t.test('while the provider is away nothing is decided, and everything is when it is back', async (t) => {
  const { kitchen, settle, authorize, sandbox, url, check } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  const answer = await authorize(paymentId, 'tok_ok')
  await sandbox.close()
  await settle(3)
  t.match(await kitchen.payment(paymentId), { status: 'pending', attempts: 3 })

  const back = await startSandbox(t, Number(new URL(url).port))
  t.equal(back.url, url)
  t.match(answer, { outcome: 'authorized' })
  // This sandbox is a new one: it has never heard of the payment.
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'failed' })
  t.match(await kitchen.order(orderId), { status: 'pending_payment' })
  await check(t)
})

t.test('a refused capture is reported, and takes its refunds with it', async (t) => {
  const { db, kitchen, settle, authorize, url, errors } = await open(t)
  const { orderId, paymentId } = await kitchen.place()
  await authorize(paymentId, 'tok_ok')
  await settle()
  await kitchen.move(orderId, 'placed', 'accepted')
  await kitchen.move(orderId, 'accepted', 'preparing')
  await fetch(`${url}/authorizations/authorize:${paymentId}/void`, {
    method: 'POST',
    headers: { 'idempotency-key': 'by hand' },
  })
  await kitchen.move(orderId, 'preparing', 'cancelled')
  await settle()
  t.match(await kitchen.payment(paymentId), { status: 'failed', refundedCents: 0 })
  t.match(await db.selectFrom('refunds').select('status').execute(), [{ status: 'failed' }])
  t.match(errors, [{ context: { paymentId }, message: 'a capture was refused' }])
  t.same(await kitchen.problems(), [])
})

t.test('a top-up whose process died after the charge reaches the wallet once', async (t) => {
  const { db, kitchen, settle, authorize, check } = await open(t)
  await kitchen.topUp(500)
  const { id } = await db
    .insertInto('payments')
    .values({
      purpose: 'top_up',
      userId: kitchen.userId,
      provider: 'sandbox',
      amountCents: 6500,
      currency: 'MXN',
      status: 'pending',
      nextAttemptAt: new Date().toISOString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await authorize(id, 'tok_ok')
  await settle(3)
  t.match(await kitchen.payment(id), { status: 'captured' })
  t.equal(await kitchen.balance(), 7000)
  await check(t)
})
