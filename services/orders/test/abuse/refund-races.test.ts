import t from 'tap'
import { startPayingCampus } from '../payments/paying-campus.ts'

const campus = await startPayingCampus(t)
const pieces = 3
const paidCents = pieces * 6500

t.test('refunds by amount, by line and by cancelling, all at once, give back what was paid', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { db, cafeteria, product, topUp, post, balance, staff, payment, order, check } =
      await campus.openKitchen()
    await topUp(paidCents)
    const placed = await post('/v1/orders', {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: pieces }],
      pickup: 'asap',
      payment: { method: 'wallet' },
    })
    t.equal(placed.status, 201)
    t.equal(await balance(), 0)
    const { id, payment: paid, items } = placed.body
    const refund = (body: object) =>
      post(`/v1/payments/${paid.id}/refunds`, { reason: 'cold', ...body }, { caller: staff.caller })
    const byLine = () => refund({ items: [{ itemId: items[0].id, quantity: 1 }] })
    const byAmount = () => refund({ amountCents: 2000 })
    const byStaff = () => post(`/v1/orders/${id}/cancel`, { reason: 'no gas' }, { caller: staff.caller })
    const byCustomer = () => post(`/v1/orders/${id}/cancel`, {})

    const answers = await Promise.all(
      [byLine, byAmount, byLine, byStaff, byAmount, byCustomer, byLine, byAmount].map((call) => call()),
    )
    for (const { status } of answers) t.ok([200, 201, 409].includes(status), `answered ${status}`)
    // Whoever comes second is answered with the order, which is cancelled already.
    t.same([answers[3]?.status, answers[5]?.status], [200, 200])
    t.equal((await order(id)).status, 'cancelled')
    const events = db.selectFrom('events').select('type').where('orderId', '=', id)
    t.equal((await events.where('type', '=', 'order.cancelled').execute()).length, 1, 'it is cancelled once')
    t.equal(await balance(), paidCents, 'everything came back, and nothing twice')
    t.equal((await payment(paid.id)).refundedCents, paidCents)
    await check(t)
  }
})
