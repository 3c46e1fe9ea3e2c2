/**
 * What is asked of a provider of card payments. Each call carries its deadline in `signal`, is made outside of any
 * transaction, and may be repeated: its idempotency key follows from the payment and the action, so the provider does it
 * once. A call that got no answer is `unknown`, never failed, and is reconciled by `find`.
 *
 * The wallet is no such provider: its money is in our own database, so it pays, captures and refunds in the very statement
 * that places, cancels or refunds the order (place_order, start_payment, open_refund in the migrations). Nothing about it
 * can be pending, time out or come by webhook, and there is nothing to ask.
 */
export interface PaymentProvider {
  /** As in `payments.provider`. */
  readonly name: string
  authorize: (request: AuthorizationRequest) => Promise<AuthorizationResult>
  /** Takes what was authorised. */
  capture: (request: { paymentId: string; amountCents: number; signal: AbortSignal }) => Promise<ActionResult>
  /** Lets go of an authorisation; where there is none yet, sees to it that there never will be one. */
  void: (request: { paymentId: string; signal: AbortSignal }) => Promise<ActionResult>
  refund: (request: RefundRequest) => Promise<ActionResult>
  /** What became of an authorisation. Null: the provider has never heard of it. */
  find: (request: { paymentId: string; signal: AbortSignal }) => Promise<AuthorizationResult | null>
  /** @throws AppError `webhook_signature_invalid` (400) or `webhook_malformed` (400) */
  verifyWebhook: (headers: Record<string, string | string[] | undefined>, rawBody: Buffer) => ProviderEvent
}

export interface AuthorizationRequest {
  paymentId: string
  /** Minor units of `currency`, at least 0. */
  amountCents: number
  /** ISO 4217. */
  currency: string
  /** The card as the provider tokenised it: we never see its number. */
  token: string
  signal: AbortSignal
}

export interface RefundRequest {
  refundId: string
  paymentId: string
  amountCents: number
  signal: AbortSignal
}

/**
 * authorized; declined: the issuer's no; failed: nothing was charged and never will be (the provider was not reached, or
 * refused to look at it); unknown: no answer; pending: the provider will tell by webhook.
 */
export type AuthorizationOutcome = 'authorized' | 'declined' | 'failed' | 'unknown' | 'pending'

export interface AuthorizationResult {
  outcome: AuthorizationOutcome
  /** The provider's own id. */
  reference?: string | undefined
  declineCode?: string | undefined
}

/** refused: a definite no, repeating is pointless; unknown: repeat it. */
export interface ActionResult {
  outcome: 'succeeded' | 'refused' | 'unknown'
  reference?: string | undefined
}

export interface ProviderEvent {
  /** Unique at the provider; the same event may come more than once. */
  id: string
  paymentId: string
  outcome: AuthorizationOutcome
  reference: string | null
  declineCode: string | null
  payload: object
}

export type PaymentAction = 'authorize' | 'capture' | 'void' | 'refund'

/** The provider's idempotency key of an action on a payment (or, for `refund`, on a refund). */
export function idempotencyKey(action: PaymentAction, id: string): string {
  return `${action}:${id}`
}
