import t, { type Test } from 'tap'
import { orderFields } from '#src/orders/orders.schema.ts'
import { addModifierGroup } from '../builders.ts'
import { startPayingCampus } from '../payments/paying-campus.ts'

const campus = await startPayingCampus(t)

/**
 * A kitchen in which every answer with an order is compared with the same order read alone, which passes the serialiser of its schema:
 * that drops what is not declared and refuses what is missing.
 */
async function openKitchen() {
  const kitchen = await campus.openKitchen()
  const { db, cafeteria, product, customer, staff, post, get } = kitchen
  await db.updateTable('products').set({ stockQuantity: 100 }).where('id', '=', product.id).execute()
  const group = { cafeteriaId: cafeteria.id, productIds: [product.id] }
  const { modifiers } = await addModifierGroup(db, group)
  const line = { productId: product.id, quantity: 2, note: 'No "onion" \\\n\u{1f336}' }
  const items = [
    { ...line, modifierIds: [modifiers[0]?.id] },
    { productId: product.id, quantity: 1 },
  ]

  async function same(
    t: Test,
    what: string,
    answer: Awaited<ReturnType<typeof post>>,
    { caller } = customer,
  ) {
    const { id } = answer.body
    const alone = await get(`/v1/orders/${id}`, caller)
    t.strictSame(Object.keys(alone.body), orderFields, `${what}: every field`)
    t.strictSame(answer.body, alone.body, what)
    t.equal(answer.headers['etag'], `"${alone.body.version}"`, `${what}: the version`)
    t.equal(answer.headers['content-type'], alone.headers['content-type'], `${what}: the type`)
    const list = await get(`/v1/orders?cafeteriaId=${cafeteria.id}`, caller)
    t.strictSame(
      list.body.data.find((one: { id: string }) => one.id === id),
      alone.body,
      `${what}: in a list`,
    )
    return answer.body
  }
  const order = (payment: object) =>
    post('/v1/orders', { cafeteriaId: cafeteria.id, items, pickup: 'asap', payment })
  const move = (id: string, name: string, body: object = {}) =>
    post(`/v1/orders/${id}/${name}`, body, { caller: staff.caller })
  return { ...kitchen, customer, same, order, move }
}

t.test('an order reads the same where it is placed, moved, listed and read alone', async (t) => {
  const { topUp, same, order, move, staff } = await openKitchen()
  await topUp(100_000)
  const placed = await same(t, 'placed', await order({ method: 'wallet' }))
  t.match(placed, { items: [{ modifiers: [{ name: 'Oat milk' }] }, { modifiers: [] }] })
  for (const name of ['accept', 'start', 'ready', 'recall', 'ready'])
    await same(t, name, await move(placed.id, name), staff)
  await same(t, 'ready again', await move(placed.id, 'ready'), staff)
  await same(t, 'collect', await move(placed.id, 'collect', { pickupCode: placed.pickupCode }), staff)

  const other = await same(t, 'another one', await order({ method: 'wallet' }))
  const reason = 'No "onion" \\ left'
  const rejected = await same(t, 'reject', await move(other.id, 'reject', { reason }), staff)
  t.match(rejected, { reason, payment: { refundedCents: rejected.totalCents } })
})

t.test('an order reads the same however it is paid', async (t) => {
  const { topUp, same, order, move, pay, staff } = await openKitchen()
  await topUp(100_000)
  const card = (token: string) => ({ method: 'card', token })
  const paid = await same(t, 'placed by card', await order(card('tok_ok')))
  for (const name of ['accept', 'start']) await same(t, name, await move(paid.id, name), staff)
  const waiting = await same(t, 'placed by a card that takes its time', await order(card('tok_late')))
  t.match(waiting, { status: 'pending_payment', payment: { status: 'pending' }, placedAt: null })

  const byCard = (await order(card('tok_declined'))).body.orderId
  await same(t, 'paid by another card', await pay(byCard, card('tok_ok'), { key: 'by card' }))
  await same(t, 'repeated', await pay(byCard, card('tok_ok'), { key: 'by card' }))
  const byWallet = (await order(card('tok_declined'))).body.orderId
  await same(t, 'paid by wallet', await pay(byWallet, { method: 'wallet' }, { key: 'by wallet' }))
  await same(t, 'repeated', await pay(byWallet, { method: 'wallet' }, { key: 'by wallet' }))
})
