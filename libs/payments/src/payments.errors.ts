import { defineErrors } from '@comanda/errors'

export const webhookErrors = defineErrors({
  webhook_signature_invalid: {
    status: 400,
    title: 'The webhook is not signed by the provider, or was signed too long ago',
  },
  webhook_malformed: { status: 400, title: 'The webhook is signed but cannot be read' },
})
