import { type Static, Type } from 'typebox'

/** Signs the sandbox's webhooks; it protects play money only, because production refuses the sandbox itself. */
export const sandboxWebhookSecret = Type.String({
  minLength: 8,
  default: 'development-sandbox-webhook-secret',
  description: 'Key that signs the webhooks of the payment sandbox',
})

/** The environment variables of everything that pays. */
export const paymentConfig = {
  PAYMENT_PROVIDER: Type.Union([Type.Literal('sandbox'), Type.Literal('none')], {
    default: 'sandbox',
    description: 'Who takes cards: sandbox (play money, refused in production) or none (wallets only)',
  }),
  PAYMENT_TIMEOUT_SECONDS: Type.Number({
    default: 5,
    minimum: 0.05,
    maximum: 60,
    description: 'Longest wait for an answer of the payment provider',
  }),
  PAYMENT_SANDBOX_URL: Type.String({
    default: 'http://127.0.0.1:3009',
    pattern: '^https?://',
    description: 'Where the payment sandbox listens',
  }),
  PAYMENT_SANDBOX_WEBHOOK_SECRET: sandboxWebhookSecret,
}

const schema = Type.Object(paymentConfig)
export type PaymentConfig = Static<typeof schema>
