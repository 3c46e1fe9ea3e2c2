import t from 'tap'
import { openSettling } from './settling-kitchen.ts'

t.test('an order is captured once when preparation starts, whatever number of workers', async (t) => {
  const { kitchen, settle, settleJob, authorize, check } = await openSettling(t)
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
    const { db, kitchen, settle, refund, authorize, check } = await openSettling(t)
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

t.test('a refused capture is reported, and takes its refunds with it', async (t) => {
  const { db, kitchen, settle, authorize, url, errors } = await openSettling(t)
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
