import { settleAuthorization } from '@comanda/payments'
import t from 'tap'
import { startSandbox } from './fixture.ts'
import { openSettling } from './settling-kitchen.ts'

t.test('a process that dies before it asks the provider: nothing is charged, now or later', async (t) => {
  const { kitchen, settle, authorize, expire, check, stockChanges } = await openSettling(t)
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
  const { kitchen, settle, settleJob, authorize, check } = await openSettling(t)
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
  const { db, kitchen, settle, authorize, check } = await openSettling(t)
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
  const { kitchen, settle, authorize, atProvider, expire, check } = await openSettling(t)
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
  const { db, kitchen, settle, authorize, atProvider, check } = await openSettling(t)
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
  const { kitchen, settle, authorize, expire, atProvider, check } = await openSettling(t)
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

t.test('while the provider is away nothing is decided, and everything is when it is back', async (t) => {
  const { kitchen, settle, authorize, sandbox, url, check } = await openSettling(t)
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

t.test('a top-up whose process died after the charge reaches the wallet once', async (t) => {
  const { db, kitchen, settle, authorize, check } = await openSettling(t)
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
