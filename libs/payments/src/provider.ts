/**
 * A provider of card payments, as orders and the worker use it. Implementing it is a folder beside `sandbox/`, its line in
 * `registry.ts` and its variables; nothing else names a provider.
 *
 * Each call but `verifyWebhook`
 * - is made outside of any transaction, so that a slow provider holds no lock of ours;
 * - carries its deadline in `signal` (`PAYMENT_TIMEOUT_SECONDS` after the call) and settles soon after it aborts;
 * - may be repeated at any time, after a lost answer or by two processes at once. It sends `idempotencyKey(action, id)` as
 *   the provider's idempotency key, which follows from the payment or refund alone, so that the provider does it once;
 * - reports what the provider and the network do as an outcome and rejects for nothing of that kind. Whoever cannot say
 *   whether the provider did it (a time-out, a connection that broke after the request was sent, an answer that cannot be
 *   read, 5xx, throttling) answers `unknown`, never `failed` or `refused`: those two are final, and money that was taken
 *   after them is only found by the provider. A rejection is a defect of the implementation: the payment stays as it was,
 *   and the worker comes back to it.
 *
 * An unknown authorisation is reconciled by `find`; any other action is repeated under its key, in 2, 4, 8 … 300 seconds.
 *
 * The wallet is no such provider: its money is in our own database, so it pays, captures and refunds in the very statement
 * that places, cancels or refunds the order (place_order, start_payment, open_refund). Nothing about it can be pending, time
 * out or come by webhook, and there is nothing to ask.
 */
export interface PaymentProvider {
  /** Stands in `payments.provider` and in the address of its webhooks: `[a-z0-9-]`, not `wallet`, and never changed. */
  readonly name: string
  /**
   * Holds an amount on a card. Repeated, it answers as the first time, whatever became of it since. The outcome is `pending`
   * when the issuer decides later; its decision comes by webhook or is found by `find`.
   */
  authorize: (request: AuthorizationRequest) => Promise<AuthorizationResult>
  /** Takes all that was authorised. A capture that has been done already succeeds. */
  capture: (request: CaptureRequest) => Promise<ActionResult>
  /**
   * Lets go of an authorisation; where there is none yet, sees to it that there never will be one, even when the call to
   * `authorize` is still under way. After success the customer is charged nothing. `refused` for a captured payment.
   */
  void: (request: PaymentRequest) => Promise<ActionResult>
  /** Gives back a part of a captured payment, or all of it. `refused` beyond what is left of it. */
  refund: (request: RefundRequest) => Promise<ActionResult>
  /**
   * Finds what became of an authorisation: `authorized` also after its capture, `failed` after its void, `unknown` when the
   * provider could not be asked. Null when the provider does not know it; the worker then makes a `void`.
   */
  find: (request: PaymentRequest) => Promise<AuthorizationResult | null>
  /**
   * Reads a message of the provider, after it has checked the signature on the body's bytes with its own secret and that
   * the message is no replay of an old one. Synchronous, and calls nobody.
   * @param headers of the request, with names in lower case
   * @throws AppError `webhook_signature_invalid` (400), `webhook_malformed` (400), `payment_provider_not_found` (404) for a
   * provider that sends none
   */
  verifyWebhook: (headers: Record<string, string | string[] | undefined>, rawBody: Buffer) => ProviderEvent
}

/** A question about a payment, or an action on it. */
export interface PaymentRequest {
  /** Our id of the payment: a UUID in lower case. */
  paymentId: string
  /** Aborts at the deadline. */
  signal: AbortSignal
}

export interface AuthorizationRequest extends PaymentRequest {
  /** Minor units of `currency`, at least 0. */
  amountCents: number
  /** An ISO 4217 code. */
  currency: string
  /** The provider's token for the card: we never see its number. */
  token: string
}

export interface CaptureRequest extends PaymentRequest {
  /** What was authorised, in minor units of its currency, at least 0. */
  amountCents: number
}

export interface RefundRequest extends PaymentRequest {
  /** Our id of the refund, which the idempotency key is derived from: a payment may have many refunds. */
  refundId: string
  /** Minor units of the payment's currency, more than 0. */
  amountCents: number
}

/**
 * `declined`: the issuer refused. `failed`: nothing was charged and never will be, because the provider was not reached or
 * refused to process it. `unknown`: there was no answer. `pending`: the provider decides later and sends a webhook.
 */
export type AuthorizationOutcome = 'authorized' | 'declined' | 'failed' | 'unknown' | 'pending'

export interface AuthorizationResult {
  outcome: AuthorizationOutcome
  /** The provider's own id. */
  reference?: string | undefined
  /** Why the issuer declined, in snake_case, as in `card_declined`; customers are shown it. */
  declineCode?: string | undefined
  /** What the provider says that it authorised; when it is not what was asked for, the authorisation is voided. */
  amountCents?: number | undefined
  currency?: string | undefined
}

/** `refused` is final: no money was moved, and repeating is pointless. After `unknown` the action is to be repeated. */
export interface ActionResult {
  outcome: 'succeeded' | 'refused' | 'unknown'
  /** The provider's own id of the action. */
  reference?: string | undefined
}

/** What a message of a provider says about an authorisation. */
export interface ProviderEvent {
  /** Unique at the provider; the same event may come more than once, and events may come out of order. */
  id: string
  /** Our id of the payment. One that is not this provider's, or that we do not know, changes nothing. */
  paymentId: string
  outcome: AuthorizationOutcome
  /** What the provider says that the payment is about. A message about anything else than the payment's is refused. */
  amountCents: number
  currency: string
  reference: string | null
  declineCode: string | null
  /** The message as it is kept, for 30 days. */
  payload: object
}

export type PaymentAction = 'authorize' | 'capture' | 'void' | 'refund'

/** The provider's idempotency key of an action on a payment (or, for `refund`, on a refund). Never longer than 46 characters. */
export function idempotencyKey(action: PaymentAction, id: string): string {
  return `${action}:${id}`
}
