import { defineErrors } from '@comanda/errors'

/** What is wrong with a webhook of a provider. */
export const webhookErrors = defineErrors({
  payment_provider_not_found: { status: 404, title: 'No payment provider of this name is configured' },
  webhook_signature_invalid: {
    status: 400,
    title: 'The webhook is not signed by the provider, or was signed too long ago',
  },
  webhook_amount_mismatch: {
    status: 409,
    title: 'The webhook is about another amount or currency than the payment',
  },
  webhook_malformed: { status: 400, title: 'The webhook is signed but cannot be read' },
})
