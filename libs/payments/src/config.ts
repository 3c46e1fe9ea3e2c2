import { type Static, Type } from 'typebox'
import { type ProviderName, providerNames, providerVariables } from './registry.ts'

const anyOf = providerNames.join('|')

/** The environment variables of everything that pays. */
export const paymentConfig = {
  PAYMENT_PROVIDER: Type.Unsafe<ProviderName>(
    Type.Union(
      providerNames.map((name) => Type.Literal(name)),
      {
        default: 'sandbox',
        description:
          'Who takes new cards: sandbox (play money, refused in production) or none (wallets only)',
      },
    ),
  ),
  PAYMENT_OTHER_PROVIDERS: Type.String({
    default: '',
    pattern: `^((${anyOf})(,(${anyOf}))*)?$`,
    description:
      'Providers besides PAYMENT_PROVIDER, separated by commas, that payments were or will be made with: theirs are captured, voided and refunded, and their webhooks taken. Keep the former one here after a change',
  }),
  PAYMENT_TIMEOUT_SECONDS: Type.Number({
    default: 5,
    minimum: 0.05,
    maximum: 60,
    description: 'Longest wait for an answer of a payment provider',
  }),
  ...providerVariables,
}

const schema = Type.Object(paymentConfig)
export type PaymentConfig = Static<typeof schema>
