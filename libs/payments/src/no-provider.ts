import { webhookErrors } from './payments.errors.ts'
import type { PaymentProvider } from './provider.ts'

/** The provider of an installation that takes wallets only: every card is declined, and there is nothing to reconcile. */
export const noProvider: PaymentProvider = {
  name: 'none',
  authorize: async () => ({ outcome: 'declined', declineCode: 'cards_not_accepted' }),
  capture: async () => ({ outcome: 'refused' }),
  void: async () => ({ outcome: 'succeeded' }),
  refund: async () => ({ outcome: 'refused' }),
  find: async () => null,
  verifyWebhook: () => {
    throw webhookErrors.payment_provider_not_found()
  },
}
