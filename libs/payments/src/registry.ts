import type { Static, TObject } from 'typebox'
import { noProvider } from './no-provider.ts'
import type { PaymentProvider } from './provider.ts'
import { configuredSandbox, sandboxVariables } from './sandbox/configured-sandbox.ts'

/** The environment variables of every provider. They are optional or have a default: most providers are not configured. */
export const providerVariables = { ...sandboxVariables }

type ProviderConfig = Static<TObject<typeof providerVariables>> & { NODE_ENV: string }

/**
 * Every provider that can be configured, by its name: another one is a folder beside `sandbox/`, its line here and its
 * variables above. Each makes the provider of its variables, and throws an error that names those that are missing or bad.
 */
export const registry = {
  none: () => noProvider,
  sandbox: configuredSandbox,
} satisfies Record<string, (config: ProviderConfig) => PaymentProvider>

export type ProviderName = keyof typeof registry
export const providerNames = Object.keys(registry) as ProviderName[]
