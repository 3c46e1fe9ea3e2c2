import type { Database } from '@comanda/database'
import { type PaymentProviders, receiveProviderEvent } from '@comanda/payments'
import { eventOrigin, refTo, refuseNotUtf8, refuseUnfit, type Service } from '@comanda/service'
import { Type } from 'typebox'
import type { CardPayments } from './card-payments.ts'

export interface WebhookDependencies {
  database: Database
  providers: PaymentProviders
  cards: CardPayments
}

/** Messages of providers are small, so a larger body is refused. */
const mostBytes = 65_536

const ProviderParams = Type.Object({
  provider: Type.String({ description: 'Its name, as in the `provider` of its payments' }),
})

const ProviderEvent = Type.Object(
  {},
  { $id: 'ProviderEvent', additionalProperties: true, description: 'As the provider writes it' },
)
const ProviderEventReceived = Type.Object(
  {
    received: Type.Literal(true),
    duplicate: Type.Boolean({ description: 'The event had come before, and nothing was done again' }),
  },
  { $id: 'ProviderEventReceived' },
)
export const providerWebhookSchemas = [ProviderEvent, ProviderEventReceived]

/**
 * Receives messages from payment providers, each at its own URL. Signatures are over the bytes, so this scope does not parse the body;
 * the provider's code parses and checks it after the signature.
 */
export async function providerWebhookRoutes(
  app: Service,
  { database, providers, cards }: WebhookDependencies,
): Promise<void> {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )

  app.post(
    '/v1/provider-webhooks/:provider',
    {
      bodyLimit: mostBytes,
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'receiveProviderWebhook',
        summary: 'What became of a payment, from its provider',
        description:
          'Signed as the provider does, with the secret of that provider. The sandbox: `sandbox-signature: t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`, at most five minutes old. Repeated and disordered messages do no harm.',
        tags: ['payments'],
        params: ProviderParams,
        body: refTo(ProviderEvent),
        response: { 200: refTo(ProviderEventReceived) },
      },
      config: {
        access: 'public',
        limit: 'none',
        errors: [
          'payment_provider_not_found',
          'webhook_signature_invalid',
          'webhook_malformed',
          'webhook_amount_mismatch',
          'database_unavailable',
        ],
      },
    },
    async (request) => {
      const provider = providers.get(request.params.provider)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const event = provider.verifyWebhook(request.headers, body)
      refuseNotUtf8(body)
      refuseUnfit(event.payload)
      const { duplicate, changed, order } = await receiveProviderEvent(
        database.primary,
        provider.name,
        event,
        eventOrigin(request),
      )
      if (changed) await cards.count(provider.name, event.outcome, order)
      return { received: true as const, duplicate }
    },
  )
}
