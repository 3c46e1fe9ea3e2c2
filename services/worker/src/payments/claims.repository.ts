import type { PaymentStatus, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** How many to take, of whom, and for how long nobody else may. */
export interface Claim {
  provider: string
  limit: number
  leaseSeconds: number
}

export interface ClaimedPayment {
  id: string
  purpose: 'order' | 'top_up'
  status: PaymentStatus
  amountCents: number
  /** Nobody waits for it any more: the order is gone, or the top-up is old. */
  abandoned: boolean
}

/** Payments that the provider is to be asked about, longest due first. */
export async function claimPayments(db: Kysely<Schema>, claim: Claim): Promise<ClaimedPayment[]> {
  const { rows } = await sql<ClaimedPayment>`
    select * from claim_payments(${claim.provider}, ${claim.limit}, ${claim.leaseSeconds})`.execute(db)
  return rows
}

export interface ClaimedRefund {
  id: string
  paymentId: string
  amountCents: number
}

/** Refunds of captured payments that the provider is to make, longest due first. */
export async function claimRefunds(db: Kysely<Schema>, claim: Claim): Promise<ClaimedRefund[]> {
  const { rows } = await sql<ClaimedRefund>`
    select * from claim_refunds(${claim.provider}, ${claim.limit}, ${claim.leaseSeconds})`.execute(db)
  return rows
}
