import type { PaymentConfig } from './config.ts'
import { noProvider } from './no-provider.ts'
import type { PaymentProvider } from './provider.ts'
import { createSandboxProvider } from './sandbox/provider.ts'

/**
 * The provider of card payments that the configuration names.
 * @throws Error for the sandbox in production, where play money would buy real food
 */
export function createPaymentProvider(config: PaymentConfig & { NODE_ENV: string }): PaymentProvider {
  if (config.PAYMENT_PROVIDER === 'none') return noProvider
  if (config.NODE_ENV === 'production') {
    throw new Error('bad configuration: PAYMENT_PROVIDER must not be sandbox in production')
  }
  return createSandboxProvider({
    url: config.PAYMENT_SANDBOX_URL,
    webhookSecret: config.PAYMENT_SANDBOX_WEBHOOK_SECRET,
  })
}
