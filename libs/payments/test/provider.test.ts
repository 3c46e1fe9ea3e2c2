import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { createPaymentProviders } from '#src/payment-providers.ts'
import { createSandboxProvider } from '#src/sandbox/provider.ts'
import { authorization, startSandbox, within } from './sandbox.ts'

const { sandbox, url, provider } = await startSandbox()
t.teardown(() => sandbox.close())

t.test('each token goes the way it is named after', async (t) => {
  t.match(await provider.authorize(authorization('tok_ok')), { outcome: 'authorized', reference: /^auth_/ })
  t.match(await provider.authorize(authorization('tok_declined')), {
    outcome: 'declined',
    declineCode: 'card_declined',
  })
  t.match(await provider.authorize(authorization('tok_late')), { outcome: 'pending' })
  t.match(await provider.authorize(authorization('4111')), {
    outcome: 'declined',
    declineCode: 'invalid_token',
  })
})

t.test('a time-out is unknown, and finding the key shows that the charge went through', async (t) => {
  const paymentId = randomUUID()
  const patience = new AbortController()
  const authorized = provider.authorize({
    ...authorization('tok_timeout', paymentId),
    signal: patience.signal,
  })
  while ((await provider.find({ paymentId, signal: within() })) === null) await wait(20)
  patience.abort()
  t.same(await authorized, { outcome: 'unknown' })
  t.match(await provider.find({ paymentId, signal: within() }), { outcome: 'authorized' })
})

t.test(
  'a refused connection means that nothing was charged, but leaves any other question open',
  async (t) => {
    const gone = await startSandbox()
    await gone.sandbox.close()
    const nobody = createSandboxProvider({ url: gone.url, webhookSecret: 'a-secret-of-the-tests' })
    const paymentId = randomUUID()
    t.same(await nobody.authorize(authorization('tok_ok')), { outcome: 'failed' })
    t.same(await nobody.find({ paymentId, signal: within() }), { outcome: 'unknown' })
    t.same(await nobody.capture({ paymentId, amountCents: 1, signal: within() }), { outcome: 'unknown' })
  },
)

t.test('authorising twice with one key is one authorisation', async (t) => {
  const paymentId = randomUUID()
  const first = await provider.authorize(authorization('tok_ok', paymentId))
  const second = await provider.authorize(authorization('tok_declined', paymentId))
  t.same(second, first)
})

t.test(
  'a captured payment is refunded in parts, never beyond it, and a repeated refund is one',
  async (t) => {
    const paymentId = randomUUID()
    await provider.authorize(authorization('tok_ok', paymentId))
    const capture = { paymentId, amountCents: 6500, signal: within() }
    t.match(await provider.capture(capture), { outcome: 'succeeded' })
    t.match(await provider.capture(capture), { outcome: 'succeeded' })
    const refund = { refundId: randomUUID(), paymentId, amountCents: 6000, signal: within() }
    const refunded = await provider.refund(refund)
    t.match(refunded, { outcome: 'succeeded', reference: /^re_/ })
    t.same(await provider.refund(refund), refunded)
    t.match(await provider.refund({ ...refund, refundId: randomUUID(), amountCents: 501 }), {
      outcome: 'refused',
    })
    t.match(await provider.refund({ ...refund, refundId: randomUUID(), amountCents: 500 }), {
      outcome: 'succeeded',
    })
    t.match(await provider.void({ paymentId, signal: within() }), { outcome: 'refused' })
  },
)

t.test('a void holds for an authorisation that comes after it', async (t) => {
  const paymentId = randomUUID()
  t.equal(await provider.find({ paymentId, signal: within() }), null)
  t.match(await provider.void({ paymentId, signal: within() }), { outcome: 'succeeded' })
  t.match(await provider.authorize(authorization('tok_ok', paymentId)), { outcome: 'failed' })
  t.match(await provider.capture({ paymentId, amountCents: 6500, signal: within() }), { outcome: 'refused' })
})

t.test('without a provider every card is declined, and there are no webhooks', async (t) => {
  const { forNewPayments: none } = createPaymentProviders({
    NODE_ENV: 'production',
    PAYMENT_PROVIDER: 'none',
    PAYMENT_OTHER_PROVIDERS: '',
    PAYMENT_TIMEOUT_SECONDS: 60,
    PAYMENT_SANDBOX_URL: url,
    PAYMENT_SANDBOX_WEBHOOK_SECRET: 'a-secret-of-the-tests',
  })
  t.match(await none.authorize(authorization('tok_ok')), {
    outcome: 'declined',
    declineCode: 'cards_not_accepted',
  })
  t.throws(() => none.verifyWebhook({}, Buffer.from('')), { code: 'payment_provider_not_found', status: 404 })
})
