import { createHmac, randomUUID } from 'node:crypto'
import t from 'tap'
import { startPayingCampus, webhookSecret } from './paying-campus.ts'

const sign = (body: string, at = Date.now(), secret = webhookSecret) => {
  const seconds = Math.floor(at / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}
const campus = await startPayingCampus(t)

const late = { method: 'card', token: 'tok_late' }

t.test('a late approval comes by webhook and places the order, once', async (t) => {
  const { place, decide, order, db, check } = await campus.openKitchen()
  for (const delivery of ['once', 'twice', 'out_of_order']) {
    const { id, payment } = (await place(late)).body
    await decide(payment.id, { approved: true, delivery })
    t.match(await order(id), { status: 'placed', version: 2 }, delivery)
    const events = await db
      .selectFrom('events')
      .select('type')
      .where('orderId', '=', id)
      .orderBy('id')
      .execute()
    t.same(events, [
      { type: 'order.pending_payment' },
      { type: 'payment.authorized' },
      { type: 'order.placed' },
    ])
  }
  await check(t)
})

t.test('a late decline leaves the order to be paid otherwise, and gives its stock back', async (t) => {
  const { place, decide, order, payment, pay, held } = await campus.openKitchen()
  const placed = (await place(late)).body
  t.same(await held(), { units: 1, places: 1 })
  await decide(placed.payment.id, { approved: false })
  t.same(await held(), { units: 0, places: 0 })
  t.match(await payment(placed.payment.id), { status: 'declined', declineCode: 'card_declined' })
  t.match(await order(placed.id), { status: 'pending_payment' })
  t.match(await pay(placed.id, { method: 'card', token: 'tok_ok' }), {
    status: 201,
    body: { status: 'placed' },
  })
})

t.test('an approval that comes after the order has expired is to be voided, and holds nothing', async (t) => {
  const { place, decide, order, payment, expire, product, db, check } = await campus.openKitchen()
  const placed = (await place(late)).body
  await expire()
  await decide(placed.payment.id, { approved: true, delivery: 'twice' })
  t.match(await order(placed.id), { status: 'expired' })
  t.match(await payment(placed.payment.id), { status: 'voiding' })
  t.match(await db.selectFrom('products').select('stockQuantity').where('id', '=', product.id).execute(), [
    { stockQuantity: 10 },
  ])
  await check(t)
})

t.test('a late top-up reaches the wallet through the worker, and not before', async (t) => {
  const { topUp, decide, payment, balance } = await campus.openKitchen()
  const waiting = await topUp(5000, { token: 'tok_late' })
  t.match(waiting, { status: 201, body: { status: 'pending', balanceCents: 0 } })
  await decide(waiting.body.id, { approved: true })
  t.match(await payment(waiting.body.id), { status: 'capturing' })
  t.equal(await balance(), 0)
})

t.test('a signed webhook about another amount or currency is refused and leaves no trace', async (t) => {
  const { call, db, place, order, payment, check } = await campus.openKitchen()
  const placed = (await place(late)).body
  const send = (authorization: object, type = 'authorization.approved') => {
    const body = JSON.stringify({
      id: `evt_${randomUUID()}`,
      type,
      createdAt: new Date().toISOString(),
      authorization: {
        key: `authorize:${placed.payment.id}`,
        reference: 'auth_1',
        status: 'authorized',
        declineCode: null,
        amountCents: 6500,
        currency: 'MXN',
        refundedCents: 0,
        ...authorization,
      },
    })
    const headers = { 'content-type': 'application/json', 'sandbox-signature': sign(body) }
    return call({ method: 'POST', url: '/v1/provider-webhooks/sandbox', headers, payload: body })
  }
  const events = () => db.selectFrom('providerEvents').select('eventId').execute()
  const before = await events()
  const wrong = [{ amountCents: 1, currency: 'XXX' }, { amountCents: 6499 }, { currency: 'USD' }]
  for (const authorization of wrong) {
    for (const type of ['authorization.approved', 'authorization.declined']) {
      t.match(await send(authorization, type), { status: 409, body: { code: 'webhook_amount_mismatch' } })
    }
  }
  t.match(await order(placed.id), { status: 'pending_payment', version: 1 })
  t.match(await payment(placed.payment.id), { status: 'pending' })
  t.same(await events(), before)
  t.match(await send({}), { status: 200, body: { duplicate: false } })
  t.match(await order(placed.id), { status: 'placed' })
  await check(t)
})

t.test('a webhook that is not the provider’s is refused and leaves no trace', async (t) => {
  const { call, db } = await campus.openKitchen()
  const event = JSON.stringify({
    id: 'evt_1',
    type: 'authorization.approved',
    createdAt: new Date().toISOString(),
    authorization: {
      key: `authorize:${randomUUID()}`,
      reference: 'auth_1',
      status: 'authorized',
      declineCode: null,
      amountCents: 1,
      currency: 'MXN',
      refundedCents: 0,
    },
  })
  const send = (payload: string, signature?: string) =>
    call({
      method: 'POST',
      url: '/v1/provider-webhooks/sandbox',
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'sandbox-signature': signature }),
      },
      payload,
    })
  const invalid = { status: 400, body: { code: 'webhook_signature_invalid' } }
  t.match(await send(event), invalid)
  t.match(await send(event, sign(event, Date.now(), 'a guess of a secret')), invalid)
  t.match(await send(event, sign(event, Date.now() - 301_000)), invalid)
  t.match(
    await send(event.replace('evt_1', 'evt_2'), sign(event)),
    invalid,
    'the bytes count, not their meaning',
  )
  t.match(await send('{}', sign('{}')), { status: 400, body: { code: 'webhook_malformed' } })
  t.match(await send('{', sign('{')), { status: 400, body: { code: 'webhook_malformed' } })
  const half = event.replace('"id":"evt_1"', '"id":"\\ud800"')
  t.match(await send(half, sign(half)), {
    status: 400,
    body: { code: 'validation_failed', errors: [{ field: 'id', message: /surrogate/ }] },
  })
  t.match(await call({ method: 'POST', url: '/v1/provider-webhooks/sandbox' }), invalid)
  const tooLarge = JSON.stringify({ text: 'x'.repeat(70_000) })
  t.match(await send(tooLarge, sign(tooLarge)), { status: 413 })
  const strange = db.selectFrom('providerEvents').selectAll().where('eventId', 'in', ['evt_1', 'evt_2'])
  t.same(await strange.execute(), [])

  t.match(
    await send(event, sign(event)),
    { status: 200, body: { received: true, duplicate: false } },
    'not our payment',
  )
  t.match(await send(event, sign(event)), { status: 200, body: { received: true, duplicate: true } })
})

t.test('a card that is paid when the pick-up window is over places nothing, and is let go', async (t) => {
  const { db, place, pay, decide, order, payment, held, check } = await campus.openKitchen()
  const placed = (await place(late)).body
  await db
    .updateTable('orders')
    .set({ pickupUntil: new Date(Date.now() - 1000).toISOString() })
    .where('id', '=', placed.id)
    .execute()
  await decide(placed.payment.id, { approved: true })
  t.match(await order(placed.id), { status: 'expired' })
  t.match(await payment(placed.payment.id), { status: 'voiding' })
  t.same(await held(), { units: 0, places: 0 })
  t.match(await pay(placed.id, { method: 'card', token: 'tok_ok' }), {
    status: 409,
    body: { code: 'order_not_payable' },
  })
  await check(t)
})

t.test('a card that is paid late moves what was promised, within the window', async (t) => {
  const { db, place, decide, order, pay } = await campus.openKitchen()
  const setOrder = (id: string, values: object) =>
    db.updateTable('orders').set(values).where('id', '=', id).execute()
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const placed = (await place(late)).body
  // It was created five minutes ago, and promised for a minute later.
  const begun = { createdAt: ago(5), beginAt: ago(5) }
  await setOrder(placed.id, { ...begun, pickupAt: ago(4), promisedAt: ago(4), pickupUntil: ago(-10) })
  await db
    .updateTable('payments')
    .set({ createdAt: ago(5) })
    .where('orderId', '=', placed.id)
    .execute()
  await decide(placed.payment.id, { approved: true })
  const { status, promisedAt, pickupAt } = await order(placed.id)
  t.equal(status, 'placed')
  t.equal(promisedAt, pickupAt)
  t.ok(Date.parse(promisedAt) > Date.now() + 40_000, 'the product takes a minute from now')

  const declined = (await place({ method: 'card', token: 'tok_declined' })).body.orderId
  await db
    .updateTable('pickupSlots')
    .set({ endsAt: ago(-0.5) })
    .where('id', '=', (await order(declined)).slotId)
    .execute()
  t.match(await pay(declined, { method: 'card', token: 'tok_ok' }), {
    status: 409,
    body: { code: 'slot_too_soon', earliestPickupAt: String },
  })
})
