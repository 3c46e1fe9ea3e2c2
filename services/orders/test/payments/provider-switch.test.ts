import { createHmac } from 'node:crypto'
import { paymentProviders } from '@comanda/payments'
import { createSandboxProvider } from '@comanda/payments/sandbox-provider'
import t from 'tap'
import { startTestApp, type TestApp } from '../app.ts'
import { addKitchen, freePort, startSandbox } from './paying-campus.ts'

const secrets = { former: 'the-secret-of-the-former', current: 'the-secret-of-the-current' }

/**
 * Starts two providers over HTTP, each with a secret of its own, and two apps over one database: one configured as before the switch,
 * and one as after it. Webhooks go to the latter.
 */
async function switchProviders() {
  const [port, formerPort, currentPort] = [await freePort(), await freePort(), await freePort()]
  const provider = (name: keyof typeof secrets, at: number) =>
    createSandboxProvider({ name, url: `http://127.0.0.1:${at}`, webhookSecret: secrets[name] })
  const [a, b] = [provider('former', formerPort), provider('current', currentPort)]
  const before = await startTestApp(t, {}, paymentProviders(a))
  const after = await startTestApp(t, { DATABASE_URL: before.config.DATABASE_URL }, paymentProviders(b, [a]))
  await after.app.listen({ host: '127.0.0.1', port })
  for (const [name, at] of [
    ['former', formerPort],
    ['current', currentPort],
  ] as const) {
    const webhookUrl = `http://127.0.0.1:${port}/v1/provider-webhooks/${name}`
    await startSandbox(t, { port: at, webhookSecret: secrets[name], webhookUrl })
  }
  return {
    before,
    after,
    urls: { former: `http://127.0.0.1:${formerPort}`, current: `http://127.0.0.1:${currentPort}` },
  }
}

const { before, after, urls } = await switchProviders()
const db = after.database.primary
const { cafeteria, product, customer, staff } = await addKitchen(db)

const post = (app: TestApp, url: string, payload: object, { caller } = customer) =>
  app.call({ method: 'POST', url, headers: app.as(caller), payload })

const place = async (app: TestApp, token: string) =>
  (
    await post(app, '/v1/orders', {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: 1 }],
      pickup: 'asap',
      payment: { method: 'card', token },
    })
  ).body

/** Decides about a late payment as the issuer does, and resolves when the webhooks are delivered. */
const decide = (provider: keyof typeof urls, paymentId: string) =>
  fetch(`${urls[provider]}/control/authorizations/authorize:${paymentId}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ approved: true, delivery: 'once' }),
  })

const knows = async (provider: keyof typeof urls, paymentId: string) =>
  (await fetch(`${urls[provider]}/authorizations/authorize:${paymentId}`)).status === 200

const statusOf = async (id: string) =>
  (await db.selectFrom('orders').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status

t.test('new card payments and top-ups go to the provider that is configured now', async (t) => {
  const [first, second] = [await place(before, 'tok_ok'), await place(after, 'tok_ok')]
  t.match(first, { status: 'placed', payment: { provider: 'former', status: 'authorized' } })
  t.match(second, { status: 'placed', payment: { provider: 'current', status: 'authorized' } })
  t.same([await knows('former', first.payment.id), await knows('current', first.payment.id)], [true, false])
  t.same([await knows('former', second.payment.id), await knows('current', second.payment.id)], [false, true])

  const topUp = await post(after, '/v1/wallet/top-ups', { amountCents: 5000, token: 'tok_ok' })
  t.match(topUp, { status: 201, body: { provider: 'current', method: 'card', status: 'captured' } })
})

t.test('an order that waits may be paid again, by the provider that is configured now', async (t) => {
  const declined = await place(before, 'tok_declined')
  const paid = await post(after, `/v1/orders/${declined.orderId}/payments`, {
    method: 'card',
    token: 'tok_ok',
  })
  t.match(paid, { status: 201, body: { status: 'placed', payment: { provider: 'current' } } })
  const attempts = await after.call({
    method: 'GET',
    url: `/v1/orders/${declined.orderId}/payments`,
    headers: after.as(customer.caller),
  })
  t.match(attempts.body.data, [
    { provider: 'current', method: 'card', status: 'authorized' },
    { provider: 'former', method: 'card', status: 'declined' },
  ])
})

t.test('webhooks of both are taken, each with the secret of its provider', async (t) => {
  const [first, second] = [await place(before, 'tok_late'), await place(after, 'tok_late')]
  await decide('former', first.payment.id)
  t.equal(await statusOf(first.id), 'placed')
  await decide('current', second.payment.id)
  t.equal(await statusOf(second.id), 'placed')
  const events = await db.selectFrom('providerEvents').select('provider').orderBy('receivedAt').execute()
  t.same(events, [{ provider: 'former' }, { provider: 'current' }])
})

/** Sends a message about an approved payment, signed with the secret of its provider or of another. */
const webhook = (app: TestApp, provider: string, paymentId: string, secret: string) => {
  const payload = JSON.stringify({
    id: `evt_${provider}_${paymentId}`,
    type: 'authorization.approved',
    createdAt: new Date().toISOString(),
    authorization: {
      key: `authorize:${paymentId}`,
      reference: `auth_${paymentId}`,
      status: 'authorized',
      declineCode: null,
      amountCents: 6500,
      currency: 'MXN',
      refundedCents: 0,
    },
  })
  const seconds = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')
  return app.call({
    method: 'POST',
    url: `/v1/provider-webhooks/${provider}`,
    headers: { 'content-type': 'application/json', 'sandbox-signature': `t=${seconds},v1=${signature}` },
    payload,
  })
}

t.test('a provider vouches for its own payments only', async (t) => {
  const { id, payment } = await place(before, 'tok_late')
  t.match(await webhook(after, 'former', payment.id, secrets.current), {
    status: 400,
    body: { code: 'webhook_signature_invalid' },
  })
  t.match(
    await webhook(after, 'current', payment.id, secrets.current),
    { status: 200 },
    'signed, but not its payment',
  )
  t.equal(await statusOf(id), 'pending_payment')
  t.match(await webhook(after, 'former', payment.id, secrets.former), { status: 200 })
  t.equal(await statusOf(id), 'placed')
})

t.test('there is no address for the webhooks of a provider that is not configured', async (t) => {
  const { payment } = await place(after, 'tok_late')
  const missing = { status: 404, body: { code: 'payment_provider_not_found' } }
  t.match(await webhook(before, 'current', payment.id, secrets.current), missing)
  for (const name of ['unheard-of', 'wallet', 'none', 'constructor']) {
    t.match(await webhook(after, name, payment.id, secrets.current), missing, name)
  }
})

t.test('staff refund a payment of the former provider', async (t) => {
  const { payment } = await place(before, 'tok_ok')
  await db.updateTable('payments').set({ status: 'captured' }).where('id', '=', payment.id).execute()
  const refunded = await post(after, `/v1/payments/${payment.id}/refunds`, { reason: 'cold' }, staff)
  t.match(refunded, { status: 201, body: { status: 'pending', amountCents: 6500 } })
})
