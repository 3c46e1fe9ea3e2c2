import { findRefusal, type PaymentStatus, type Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { webhookErrors } from './payments.errors.ts'
import type { ActionResult, AuthorizationResult, ProviderEvent } from './provider.ts'

/** A payment as the API shows it. */
export interface PaymentDocument {
  id: string
  purpose: 'order' | 'top_up'
  /** Null for a top-up. */
  orderId: string | null
  method: 'wallet' | 'card'
  provider: string
  /** Minor units of `currency`. */
  amountCents: number
  currency: string
  status: PaymentStatus
  refundedCents: number
  /** Why it was declined; null when it was not. */
  declineCode: string | null
  createdAt: string
  updatedAt: string
}

export interface TopUpDocument extends PaymentDocument {
  balanceCents: number
}

/** What an answer of the provider did. `changed` says whether it was this call that moved the payment on. */
export interface SettledAuthorization {
  changed: boolean
  payment: PaymentDocument
  /** The order that it pays, and the same as the API answers it, in JSON; null for a top-up. */
  order: (PaidOrder & { json: string }) | null
}

/** An order whose payment moved on, and what became of the stock that it holds. */
export interface PaidOrder {
  userId: string
  cafeteriaId: string
  stockChange: StockChange | null
}

/** Products sold out or came back (`availability`), or only quantities changed. */
type StockChange = 'availability' | 'quantity'

/** The client's call that waits for the provider's answer; left out when none does. */
interface WaitingCall {
  idempotencyKey?: string | null
  requestId?: string | null
}

/** Books the answer to an authorisation, and places the order that it pays, in one statement. Null when there is no such payment. */
export async function settleAuthorization(
  db: Kysely<Schema>,
  paymentId: string,
  { outcome, reference, declineCode, amountCents, currency }: AuthorizationResult,
  { idempotencyKey = null, requestId = null }: WaitingCall = {},
): Promise<SettledAuthorization | null> {
  const { rows } = await sql<{
    changed: boolean | null
    payment: PaymentDocument
    userId: string | null
    cafeteriaId: string | null
    json: string | null
    stockChange: StockChange | null
  }>`
    select changed, payment, (o).user_id, (o).cafeteria_id, answer::text as json, stock_change()
    from settle_authorization(
      ${paymentId}, ${outcome}, ${reference ?? null}, ${declineCode ?? null}, ${idempotencyKey}, ${requestId},
      ${amountCents ?? null}, ${currency ?? null}
    )`.execute(db)
  const { changed, payment, userId, cafeteriaId, json, stockChange } = rows[0] as (typeof rows)[number]
  if (changed === null) return null
  if (userId === null || cafeteriaId === null || json === null) return { changed, payment, order: null }
  return { changed, payment, order: { userId, cafeteriaId, json, stockChange } }
}

/**
 * Books a capture. Null when there is no such payment, and for an unknown outcome, which changes nothing: the capture is
 * repeated under its idempotency key.
 */
export async function settleCapture(
  db: Kysely<Schema>,
  paymentId: string,
  { outcome }: ActionResult,
  { idempotencyKey = null }: WaitingCall = {},
): Promise<{ changed: boolean; payment: PaymentDocument | TopUpDocument } | null> {
  if (outcome === 'unknown') return null
  const { rows } = await sql<{
    settled: { changed: boolean; payment: PaymentDocument | TopUpDocument } | null
  }>`
    select settle_capture(${paymentId}, ${outcome === 'succeeded'}, ${idempotencyKey}) as settled`.execute(db)
  return rows[0]?.settled ?? null
}

/** Records that the provider holds nothing any more. Returns whether it was this call that did. */
export async function settleVoid(db: Kysely<Schema>, paymentId: string): Promise<boolean> {
  const { rows } = await sql<{ settled: boolean }>`select settle_void(${paymentId}) as settled`.execute(db)
  return rows[0]?.settled ?? false
}

/** Books a refund, or gives up one that the provider refused. Returns whether it was this call that did. */
export async function settleRefund(
  db: Kysely<Schema>,
  refundId: string,
  { outcome, reference }: ActionResult,
): Promise<boolean> {
  if (outcome === 'unknown') return false
  const { rows } = await sql<{ settled: boolean }>`
    select settle_refund(${refundId}, ${outcome === 'succeeded'}, ${reference ?? null}) as settled`.execute(
    db,
  )
  return rows[0]?.settled ?? false
}

/** What a provider's message did. */
export interface ReceivedEvent {
  /** It had come before, and nothing was done again. */
  duplicate: boolean
  /** It moved a payment on. */
  changed: boolean
  /** The order that the payment is for; null for a top-up, and when nothing was done. */
  order: PaidOrder | null
}

/**
 * Handles a provider's message, once however often it comes; one about a payment that is not ours does nothing.
 * @throws AppError webhook_amount_mismatch (409): the amount or the currency is not that of the payment
 */
export async function receiveProviderEvent(
  db: Kysely<Schema>,
  provider: string,
  event: ProviderEvent,
  requestId: string,
): Promise<ReceivedEvent> {
  type Row = Omit<ReceivedEvent, 'order'> & { [key in keyof PaidOrder]: PaidOrder[key] | null }
  const { rows } = await sql<Row>`
    select duplicate, changed, (o).user_id, (o).cafeteria_id, stock_change() from receive_provider_event(
      ${provider}, ${event.id}, ${JSON.stringify(event.payload)}::jsonb, ${event.paymentId}, ${event.outcome},
      ${event.reference}, ${event.declineCode}, ${event.amountCents}, ${event.currency}, ${requestId}
    )`
    .execute(db)
    .catch((cause: unknown) => {
      if (findRefusal(cause)?.code !== 'webhook_amount_mismatch') throw cause
      throw webhookErrors.webhook_amount_mismatch(undefined, { cause })
    })
  const { duplicate, changed, userId, cafeteriaId, stockChange } = rows[0] as Row
  const order = userId === null || cafeteriaId === null ? null : { userId, cafeteriaId, stockChange }
  return { duplicate, changed, order }
}

/** Puts off the next attempt at a payment or refund whose provider did not decide, with exponential back-off. */
export async function postpone(db: Kysely<Schema>, table: 'payments' | 'refunds', id: string): Promise<void> {
  await sql`update ${sql.table(table)} set next_attempt_at = retry_at(attempts)
    where id = ${id} and next_attempt_at is not null`.execute(db)
}
