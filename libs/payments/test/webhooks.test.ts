import { randomUUID } from 'node:crypto'
import t from 'tap'
import { signatureHeader, signWebhook } from '#src/webhook-signature.ts'
import { authorization, startReceiver, startSandbox, webhookSecret } from './sandbox.ts'

t.test('a late authorisation is announced by a signed webhook, repeated until it is taken', async (t) => {
  const receiver = await startReceiver((count) => (count < 3 ? 503 : 200))
  const { sandbox, provider } = await startSandbox({ webhookUrl: receiver.url, lateMilliseconds: 1 })
  t.teardown(() => Promise.all([sandbox.close(), receiver.close()]))
  const paymentId = randomUUID()
  await provider.authorize(authorization('tok_late', paymentId))

  const events = (await receiver.received(3)).map(({ headers, rawBody }) =>
    provider.verifyWebhook(headers, rawBody),
  )
  t.match(events[0], { paymentId, outcome: 'authorized', reference: /^auth_/, declineCode: null })
  t.equal(new Set(events.map(({ id }) => id)).size, 1, 'the same event each time')
})

t.test('webhooks come twice, out of order and declined on demand', async (t) => {
  const receiver = await startReceiver()
  const { sandbox, url, provider } = await startSandbox({ webhookUrl: receiver.url })
  t.teardown(() => Promise.all([sandbox.close(), receiver.close()]))
  const decide = async (token: string, decision: object) => {
    const paymentId = randomUUID()
    receiver.deliveries.length = 0
    await provider.authorize(authorization(token, paymentId))
    await fetch(`${url}/control/authorizations/authorize:${paymentId}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(decision),
    })
    return receiver.deliveries.map(({ headers, rawBody }) => provider.verifyWebhook(headers, rawBody))
  }

  const [once, again] = await decide('tok_late_twice', { approved: true, delivery: 'twice' })
  t.match(once, { outcome: 'authorized' })
  t.same(again, once)

  const disordered = await decide('tok_late_out_of_order', { approved: true, delivery: 'out_of_order' })
  t.same(
    disordered.map(({ outcome }) => outcome),
    ['authorized', 'pending'],
  )

  const [declined] = await decide('tok_late', { approved: false })
  t.match(declined, { outcome: 'declined', declineCode: 'card_declined' })
})

t.test('a webhook that is forged, changed or old is refused', async (t) => {
  const { sandbox, provider } = await startSandbox()
  t.teardown(() => sandbox.close())
  const body = Buffer.from('{"id":"evt_1"}')
  const verify =
    (header: string | undefined, rawBody = body) =>
    () =>
      provider.verifyWebhook({ [signatureHeader]: header }, rawBody)
  const invalid = { code: 'webhook_signature_invalid', status: 400 }

  t.throws(verify(undefined), invalid)
  t.throws(verify('t=1,v1=abc'), invalid)
  t.throws(verify(signWebhook('another-secret', body)), invalid)
  t.throws(verify(signWebhook(webhookSecret, body), Buffer.from('{"id":"evt_2"}')), invalid)
  t.throws(verify(signWebhook(webhookSecret, body, Date.now() - 301_000)), invalid)
  t.throws(verify(signWebhook(webhookSecret, body, Date.now() + 302_000)), invalid)
  t.throws(verify(signWebhook(webhookSecret, body)), { code: 'webhook_malformed', status: 400 })
  const broken = Buffer.from('{')
  t.throws(verify(signWebhook(webhookSecret, broken), broken), { code: 'webhook_malformed' })
})
