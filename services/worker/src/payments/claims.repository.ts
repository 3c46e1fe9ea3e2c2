import type { PaymentStatus, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** What one worker claims: the providers, how many of each, and for how long no other worker gets them. */
export interface ClaimLimits {
  providers: readonly string[]
  limit: number
  leaseSeconds: number
}

export interface ClaimedPayment {
  id: string
  /** The provider that it was made with. */
  provider: string
  purpose: 'order' | 'top_up'
  status: PaymentStatus
  amountCents: number
  /** Whether nobody waits for it any more: its order has expired, or the top-up is old. */
  abandoned: boolean
}

/** Claims payments that their providers are to be asked about, from each provider those that are due longest. */
export async function claimPayments(db: Kysely<Schema>, limits: ClaimLimits): Promise<ClaimedPayment[]> {
  const { rows } = await sql<ClaimedPayment>`
    select * from claim_payments(${limits.providers}::text[], ${limits.limit}, ${limits.leaseSeconds})`.execute(
    db,
  )
  return rows
}

export interface ClaimedRefund {
  id: string
  /** The provider that its payment was made with. */
  provider: string
  paymentId: string
  amountCents: number
}

/** Claims refunds of captured payments that their providers are to make, from each provider those that are due longest. */
export async function claimRefunds(db: Kysely<Schema>, limits: ClaimLimits): Promise<ClaimedRefund[]> {
  const { rows } = await sql<ClaimedRefund>`
    select * from claim_refunds(${limits.providers}::text[], ${limits.limit}, ${limits.leaseSeconds})`.execute(
    db,
  )
  return rows
}

/** How many payments and refunds wait for a provider that is not configured. */
export interface UnclaimedByProvider {
  provider: string
  payments: number
  refunds: number
}

/** Counts what waits for providers other than these. A provider that nothing waits for is left out. */
export async function countUnclaimed(
  db: Kysely<Schema>,
  configured: readonly string[],
): Promise<UnclaimedByProvider[]> {
  const { rows } = await sql<UnclaimedByProvider>`
    select * from unclaimed_by_provider(${configured}::text[])`.execute(db)
  return rows
}
