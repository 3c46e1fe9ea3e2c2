import type { AuthorizationRequest } from '@comanda/payments'

/**
 * Authorises the card payment of an order, which is committed and waits for it. Resolves to the order as it is after the
 * provider's answer, as the API answers it in JSON. `payments` implements it: that folder imports this one, never the other way round.
 */
export type AuthorizeOrder = (
  request: Omit<AuthorizationRequest, 'signal'> & { idempotencyKey: string | null; requestId: string },
) => Promise<string>
