import { loadConfig } from '@comanda/service'
import t from 'tap'
import { Type } from 'typebox'
import { paymentConfig } from '#src/config.ts'
import { createPaymentProviders, paymentProviders } from '#src/payment-providers.ts'
import { createSandboxProvider } from '#src/sandbox/provider.ts'

const schema = Type.Object({ NODE_ENV: Type.String({ default: 'test' }), ...paymentConfig })
const providersOf = (env: Record<string, string>) => createPaymentProviders(loadConfig(schema, env))

t.test('the environment names who takes new payments, and whose payments are still settled', async (t) => {
  const alone = providersOf({})
  t.equal(alone.forNewPayments.name, 'sandbox')
  t.same(alone.names, ['none', 'sandbox'])

  const former = providersOf({ PAYMENT_PROVIDER: 'none', PAYMENT_OTHER_PROVIDERS: 'sandbox,none,sandbox' })
  t.equal(former.forNewPayments.name, 'none')
  t.same(former.names, ['none', 'sandbox'], 'each once')
  t.equal(former.get('sandbox').name, 'sandbox')
})

t.test('a provider that is not configured is not found', async (t) => {
  const { get } = providersOf({ PAYMENT_PROVIDER: 'none' })
  for (const name of ['sandbox', 'wallet', 'toString', '']) {
    t.throws(() => get(name), { code: 'payment_provider_not_found', status: 404 }, name)
  }
})

t.test('bad values stop the start and name their variable', async (t) => {
  t.throws(() => providersOf({ PAYMENT_PROVIDER: 'stripes' }), /PAYMENT_PROVIDER must be none or sandbox/)
  for (const others of ['stripes', 'sandbox,', 'sandbox none', 'wallet']) {
    t.throws(
      () => providersOf({ PAYMENT_OTHER_PROVIDERS: others }),
      /PAYMENT_OTHER_PROVIDERS must match/,
      others,
    )
  }
  const production = { NODE_ENV: 'production' }
  t.throws(
    () => providersOf({ ...production, PAYMENT_PROVIDER: 'sandbox' }),
    /PAYMENT_PROVIDER must not be sandbox/,
  )
  t.throws(
    () => providersOf({ ...production, PAYMENT_PROVIDER: 'none', PAYMENT_OTHER_PROVIDERS: 'sandbox' }),
    /nor may PAYMENT_OTHER_PROVIDERS name it/,
  )
  t.equal(providersOf({ ...production, PAYMENT_PROVIDER: 'none' }).forNewPayments.name, 'none')
})

t.test('a provider of another name joins by being one of the list', async (t) => {
  const options = { url: 'http://127.0.0.1:1', webhookSecret: 'a-secret-of-the-tests' }
  const [a, b] = [createSandboxProvider(options), createSandboxProvider({ ...options, name: 'mirror' })]
  const providers = paymentProviders(b, [a])
  t.equal(providers.forNewPayments, b)
  t.equal(providers.get('sandbox'), a)
  t.equal(providers.get('mirror'), b)
})
