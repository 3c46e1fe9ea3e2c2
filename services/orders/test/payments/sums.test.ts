import t from 'tap'
import { addModifierGroup, addProduct } from '../builders.ts'
import { startPayingCampus } from './paying-campus.ts'

const campus = await startPayingCampus(t)

t.test(
  'a wallet in another currency than the cafeteria’s is refused, and the refusal names both',
  async (t) => {
    const { db, cafeteria, place, pay, topUp, balance } = await campus.openKitchen()
    await topUp(10_000)
    await db.updateTable('cafeterias').set({ currency: 'EUR' }).where('id', '=', cafeteria.id).execute()
    const refusal = {
      status: 409,
      body: { code: 'wallet_currency_differs', walletCurrency: 'MXN', currency: 'EUR' },
    }
    t.match(await place({ method: 'wallet' }), refusal)
    const { orderId } = (await place({ method: 'card', token: 'tok_declined' })).body
    t.match(await pay(orderId, { method: 'wallet' }), refusal)
    t.equal(await balance(), 10_000)
  },
)

t.test('an order for nothing needs no bank and no token', async (t) => {
  const { db, product, place, post, staff, order, check, customer } = await campus.openKitchen()
  t.match(await place({ method: 'card' }), {
    status: 422,
    body: { code: 'card_token_missing', errors: [{ field: 'payment.token' }] },
  })
  await db.updateTable('products').set({ priceCents: 0 }).where('id', '=', product.id).execute()
  await campus.sandbox.close()
  const free = {
    status: 201,
    body: { status: 'placed', totalCents: 0, payment: { status: 'captured', amountCents: 0 } },
  }
  t.match(await place({ method: 'card' }), free)
  t.match(await place({ method: 'card', token: 'tok_ok' }), free)
  t.match(await place({ method: 'card', token: 'tok_declined' }), free, 'no card is asked')
  t.match(await place({ method: 'wallet' }), free)
  const placed = await place({ method: 'card' }, { key: `free ${customer.id}` })
  t.same((await place({ method: 'card' }, { key: `free ${customer.id}` })).body, placed.body)
  const as = { caller: staff.caller }
  for (const move of ['accept', 'start', 'ready']) {
    t.match(await post(`/v1/orders/${placed.body.id}/${move}`, {}, as), { status: 200 })
  }
  t.match(await post(`/v1/orders/${placed.body.id}/cancel`, { reason: 'spilt' }, as), { status: 200 })
  t.match(await order(placed.body.id), { status: 'cancelled' })
  await check(t)
})

t.test('sums beyond 2^31 are paid and refunded', async (t) => {
  const { db, cafeteria, customer, post, get, staff, balance } = await campus.openKitchen()
  const dear = await addProduct(db, { cafeteriaId: cafeteria.id, priceCents: 10_000_000, makeSeconds: 1 })
  const dearer = await addProduct(db, { cafeteriaId: cafeteria.id, priceCents: 10_000_000, makeSeconds: 1 })
  const group = await addModifierGroup(db, {
    cafeteriaId: cafeteria.id,
    maxSelect: 20,
    productIds: [dearer.id],
    modifiers: Array.from({ length: 20 }, () => ({ priceDeltaCents: 1_000_000 })),
  })
  const start = 100_000_000_000
  await db
    .insertInto('accounts')
    .values({ id: customer.id, kind: 'wallet', currency: 'MXN', balanceCents: start })
    .execute()
  const modifierIds = group.modifiers.map(({ id }) => id)
  const placed = await post('/v1/orders', {
    cafeteriaId: cafeteria.id,
    items: [
      ...Array.from({ length: 9 }, () => ({ productId: dear.id, quantity: 99 })),
      { productId: dearer.id, quantity: 99, modifierIds },
    ],
    pickup: 'asap',
    payment: { method: 'wallet' },
    expectedTotalCents: 11_880_000_000,
  })
  t.match(placed, { status: 201, body: { totalCents: 11_880_000_000 } })
  t.equal(await balance(), start - 11_880_000_000)
  t.match((await get('/v1/me/summary')).body.spending, [{ totalCents: 11_880_000_000 }])
  const refunds = `/v1/payments/${placed.body.payment.id}/refunds`
  const as = { caller: staff.caller }
  const line = { itemId: placed.body.items[9].id, quantity: 99 }
  t.match(await post(refunds, { items: [line], reason: 'cold' }, as), {
    status: 201,
    body: { amountCents: 2_970_000_000 },
  })
  t.match(await post(refunds, { amountCents: 8_910_000_000, reason: 'all of it' }, as), { status: 201 })
  t.equal(await balance(), start)
})
