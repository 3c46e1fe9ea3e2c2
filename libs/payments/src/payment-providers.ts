import type { PaymentConfig } from './config.ts'
import { noProvider } from './no-provider.ts'
import { webhookErrors } from './payments.errors.ts'
import type { PaymentProvider } from './provider.ts'
import { type ProviderName, registry } from './registry.ts'

/** The configured providers of card payments. A payment stays with the provider that it was made with. */
export interface PaymentProviders {
  /** Takes new card payments. */
  readonly forNewPayments: PaymentProvider
  /** The names of all configured providers, as `payments.provider` has them. */
  readonly names: readonly string[]
  /** The provider of a payment. @throws AppError `payment_provider_not_found` (404): it is not configured */
  get: (name: string) => PaymentProvider
}

/**
 * Puts providers together, one of which takes new payments. `none` is always among them: it needs nothing, and a payment
 * that was opened with it just before the configuration changed must end too.
 */
export function paymentProviders(
  forNewPayments: PaymentProvider,
  others: readonly PaymentProvider[] = [],
): PaymentProviders {
  const byName = new Map([noProvider, ...others, forNewPayments].map((provider) => [provider.name, provider]))
  return {
    forNewPayments,
    names: [...byName.keys()],
    get(name) {
      const provider = byName.get(name)
      if (!provider) throw webhookErrors.payment_provider_not_found()
      return provider
    },
  }
}

/**
 * Makes the providers that the environment names.
 * @throws Error that names the bad variable
 */
export function createPaymentProviders(config: PaymentConfig & { NODE_ENV: string }): PaymentProviders {
  const others = config.PAYMENT_OTHER_PROVIDERS.split(',').filter((name) => name !== '') as ProviderName[]
  return paymentProviders(
    registry[config.PAYMENT_PROVIDER](config),
    others.filter((name) => name !== config.PAYMENT_PROVIDER).map((name) => registry[name](config)),
  )
}
