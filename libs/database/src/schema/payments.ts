import type { Generated, JSONColumnType } from 'kysely'

export interface AccountsTable {
  id: string
  kind: 'wallet' | 'sales' | 'clearing'
  currency: string
  balanceCents: number | null
  createdAt: Generated<string>
}

export const paymentStatuses = [
  'pending',
  'unknown',
  'authorized',
  'capturing',
  'captured',
  'voiding',
  'voided',
  'declined',
  'failed',
] as const

export type PaymentStatus = (typeof paymentStatuses)[number]

export interface PaymentsTable {
  id: Generated<string>
  purpose: 'order' | 'top_up'
  orderId: string | null
  userId: string
  provider: string
  amountCents: number
  currency: string
  status: PaymentStatus
  refundedCents: Generated<number>
  providerReference: string | null
  declineCode: string | null
  attempts: Generated<number>
  nextAttemptAt: string | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
}

export interface RefundedItem {
  itemId: string
  quantity: number
  amountCents: number
}

export interface RefundsTable {
  id: Generated<string>
  paymentId: string
  amountCents: number
  items: JSONColumnType<RefundedItem[]> | null
  reason: string
  status: 'pending' | 'succeeded' | 'failed'
  providerReference: string | null
  requestedBy: string | null
  attempts: Generated<number>
  nextAttemptAt: string | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
}

export interface EntriesTable {
  id: Generated<string>
  debitAccountId: string
  creditAccountId: string
  kind: 'payment' | 'refund' | 'top_up'
  method: 'wallet' | 'card'
  amountCents: number
  currency: string
  userId: string
  orderId: string | null
  paymentId: string
  refundId: string | null
  createdAt: Generated<string>
}

export interface ProviderEventsTable {
  provider: string
  eventId: string
  payload: JSONColumnType<object>
  receivedAt: Generated<string>
}
