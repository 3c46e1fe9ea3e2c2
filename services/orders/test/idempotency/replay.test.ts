import type { Caller } from '@comanda/access'
import t, { type Test } from 'tap'
import { startPayingCampus } from '../payments/paying-campus.ts'

const campus = await startPayingCampus(t)

/** The same content with its members the other way round and other white space. */
function respelled(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(respelled).join(' , ')} ]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).toReversed()
  return `{\n  ${members.map(([name, member]) => `${JSON.stringify(name)} : ${respelled(member)}`).join(' ,\n')} }`
}

/** Sends a body twice under one key, in two spellings, and another body; returns the first answer. */
async function sendTwice(t: Test, url: string, body: object, other: object, caller: Caller) {
  const send = (payload: string) =>
    campus.app.inject({
      method: 'POST',
      url,
      headers: {
        ...campus.as(caller),
        'content-type': 'application/json',
        'idempotency-key': `key of ${url}`,
      },
      payload,
    })
  const first = await send(JSON.stringify(body))
  const again = await send(respelled(body))
  t.equal(first.statusCode, 201, first.body)
  t.equal(again.statusCode, 201, again.body)
  t.equal(again.body, first.body, 'byte for byte')
  t.equal(again.headers['content-type'], first.headers['content-type'])
  t.equal(again.headers['etag'], first.headers['etag'])
  t.equal(again.headers['location'], first.headers['location'])
  t.match((await send(JSON.stringify(other))).json(), { status: 422, code: 'idempotency_key_reused' })
  return first.json()
}

t.test(
  'every operation that takes a key repeats its first answer byte for byte, for any spelling',
  async (t) => {
    const { cafeteria, product, customer, staff, place, balance } = await campus.openKitchen()
    const own = customer.caller
    const topUp = { amountCents: 30_000, token: 'tok_ok' }
    await sendTwice(t, '/v1/wallet/top-ups', topUp, { ...topUp, amountCents: 1 }, own)
    t.equal(await balance(), 30_000)

    const order = {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: 1, note: 'Sin cebolla, con jamón' }],
      pickup: 'asap',
      payment: { method: 'wallet' },
    }
    const placed = await sendTwice(t, '/v1/orders', order, { ...order, expectedTotalCents: 6500 }, own)
    t.equal(await balance(), 23_500)

    const card = await campus.openKitchen()
    const byCard = {
      ...order,
      cafeteriaId: card.cafeteria.id,
      items: [{ productId: card.product.id, quantity: 1 }],
      payment: { method: 'card', token: 'tok_ok' },
    }
    await sendTwice(t, '/v1/orders', byCard, { ...byCard, expectedTotalCents: 6500 }, card.customer.caller)

    const declined = await place({ method: 'card', token: 'tok_declined' })
    t.equal(declined.status, 402)
    const pay = { method: 'card', token: 'tok_ok' }
    await sendTwice(t, `/v1/orders/${declined.body.orderId}/payments`, pay, { method: 'wallet' }, own)

    const refund = { amountCents: 500, reason: 'Cold' }
    const refunds = `/v1/payments/${placed.payment.id}/refunds`
    await sendTwice(t, refunds, refund, { ...refund, amountCents: 501 }, staff.caller)
    t.equal(await balance(), 24_000, 'nothing happened twice')
  },
)
