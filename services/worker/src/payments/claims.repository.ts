import type { PaymentStatus, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Of which providers to take, how many of each, and for how long nobody else may. */
export interface Claim {
  providers: readonly string[]
  limit: number
  leaseSeconds: number
}

export interface ClaimedPayment {
  id: string
  /** The one it was made with. */
  provider: string
  purpose: 'order' | 'top_up'
  status: PaymentStatus
  amountCents: number
  /** Nobody waits for it any more: the order is gone, or the top-up is old. */
  abandoned: boolean
}

/** Payments that their providers are to be asked about, of each provider those that are due longest. */
export async function claimPayments(db: Kysely<Schema>, claim: Claim): Promise<ClaimedPayment[]> {
  const { rows } = await sql<ClaimedPayment>`
    select * from claim_payments(${claim.providers}::text[], ${claim.limit}, ${claim.leaseSeconds})`.execute(
    db,
  )
  return rows
}

export interface ClaimedRefund {
  id: string
  /** The one its payment was made with. */
  provider: string
  paymentId: string
  amountCents: number
}

/** Refunds of captured payments that their providers are to make, of each provider those that are due longest. */
export async function claimRefunds(db: Kysely<Schema>, claim: Claim): Promise<ClaimedRefund[]> {
  const { rows } = await sql<ClaimedRefund>`
    select * from claim_refunds(${claim.providers}::text[], ${claim.limit}, ${claim.leaseSeconds})`.execute(
    db,
  )
  return rows
}

/** What waits for a provider that nobody asks, because it is not configured. */
export interface UnclaimedByProvider {
  provider: string
  payments: number
  refunds: number
}

/** How much waits for providers other than these; none for a provider that nothing waits for. */
export async function countUnclaimed(
  db: Kysely<Schema>,
  configured: readonly string[],
): Promise<UnclaimedByProvider[]> {
  const { rows } = await sql<UnclaimedByProvider>`
    select * from unclaimed_by_provider(${configured}::text[])`.execute(db)
  return rows
}
