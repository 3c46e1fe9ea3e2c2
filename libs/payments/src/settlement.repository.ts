import type { PaymentStatus, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
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
  /** Whose order it pays, and the order as the API answers it, in JSON; null for a top-up. */
  order: { userId: string; json: string } | null
}

/** The client's call that waits for the provider's answer; left out when none does. */
interface WaitingCall {
  idempotencyKey?: string | null
  requestId?: string | null
}

/** Books the answer to an authorisation, and places the order that it pays, in one statement. Null when there is no such payment. */
export async function settleAuthorization(
  db: Kysely<Schema>,
  paymentId: string,
  { outcome, reference, declineCode }: AuthorizationResult,
  { idempotencyKey = null, requestId = null }: WaitingCall = {},
): Promise<SettledAuthorization | null> {
  const { rows } = await sql<{
    changed: boolean | null
    payment: PaymentDocument
    userId: string | null
    json: string | null
  }>`
    select changed, payment, (o).user_id, answer::text as json from settle_authorization(
      ${paymentId}, ${outcome}, ${reference ?? null}, ${declineCode ?? null}, ${idempotencyKey}, ${requestId}
    )`.execute(db)
  const { changed, payment, userId, json } = rows[0] as (typeof rows)[number]
  if (changed === null) return null
  return { changed, payment, order: userId === null || json === null ? null : { userId, json } }
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
  /** Whose order the payment is for; null for a top-up, and when nothing was done. */
  userId: string | null
}

/** Handles a provider's message, once however often it comes; one about a payment that is not ours does nothing. */
export async function receiveProviderEvent(
  db: Kysely<Schema>,
  provider: string,
  event: ProviderEvent,
  requestId: string,
): Promise<ReceivedEvent> {
  const { rows } = await sql<ReceivedEvent>`
    select duplicate, changed, (o).user_id from receive_provider_event(
      ${provider}, ${event.id}, ${JSON.stringify(event.payload)}::jsonb, ${event.paymentId}, ${event.outcome},
      ${event.reference}, ${event.declineCode}, ${requestId}
    )`.execute(db)
  return rows[0] as ReceivedEvent
}

/** Puts off the next attempt at a payment or refund whose provider did not decide, with exponential back-off. */
export async function postpone(db: Kysely<Schema>, table: 'payments' | 'refunds', id: string): Promise<void> {
  await sql`update ${sql.table(table)} set next_attempt_at = retry_at(attempts)
    where id = ${id} and next_attempt_at is not null`.execute(db)
}

/** Where the money does not add up, at most 100 places in no particular order; empty when the books balance. */
export async function listBalanceProblems(db: Kysely<Schema>): Promise<BalanceProblem[]> {
  const { rows } = await sql<BalanceProblem>`select * from check_balances() limit 100`.execute(db)
  return rows
}

export interface BalanceProblem {
  problem: string
  /** The account, payment, refund or order that it is about. */
  subjectId: string
  expectedCents: number
  actualCents: number
}
