import { type Static, type TObject, Type } from 'typebox'
import type { PaymentProvider } from '../provider.ts'
import { createSandboxProvider } from './provider.ts'

/** Signs the sandbox's webhooks; it protects play money only, because production refuses the sandbox itself. */
export const sandboxWebhookSecret = Type.String({
  minLength: 8,
  default: 'development-sandbox-webhook-secret',
  description: 'Key that signs the webhooks of the payment sandbox',
})

/** The environment variables of services that use the sandbox as a provider. */
export const sandboxVariables = {
  PAYMENT_SANDBOX_URL: Type.String({
    default: 'http://127.0.0.1:3009',
    pattern: '^https?://',
    description: 'Where the payment sandbox listens',
  }),
  PAYMENT_SANDBOX_WEBHOOK_SECRET: sandboxWebhookSecret,
}

/**
 * Makes the sandbox provider that the environment describes.
 * @throws Error in production, where play money would buy real food
 */
export function configuredSandbox(
  config: Static<TObject<typeof sandboxVariables>> & { NODE_ENV: string },
): PaymentProvider {
  if (config.NODE_ENV === 'production') {
    throw new Error(
      'bad configuration: PAYMENT_PROVIDER must not be sandbox in production, nor may PAYMENT_OTHER_PROVIDERS name it',
    )
  }
  return createSandboxProvider({
    url: config.PAYMENT_SANDBOX_URL,
    webhookSecret: config.PAYMENT_SANDBOX_WEBHOOK_SECRET,
  })
}
