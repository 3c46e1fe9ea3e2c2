import type { OrderStatus } from '@comanda/ordering'
import type { Generated } from 'kysely'

// libs/database/migrations/0001_baseline.sql says what each column counts.

/** Sums of an hour of a local day. Money is whole cents of the cafeteria's currency, durations are whole seconds. */
export interface RollupHoursTable {
  cafeteriaId: string
  day: string
  hour: string
  localHour: number
  placed: number
  asap: number
  items: number
  grossCents: number
  rejected: number
  cancelled: number
  lostCents: number
  abandoned: number
  expired: number
  ready: number
  makeSeconds: number
  kept: number
  lateSeconds: number
  earlySeconds: number
  naiveKept: number
  naiveLateSeconds: number
  naiveEarlySeconds: number
  collected: number
  uncollected: number
}

/** Sums of a local day, with histograms whose element n is about duration_of_bucket(n + 1) seconds. */
export interface RollupDaysTable {
  cafeteriaId: string
  day: string
  placed: Generated<number>
  asap: Generated<number>
  items: Generated<number>
  grossCents: Generated<number>
  rejected: Generated<number>
  cancelled: Generated<number>
  lostCents: Generated<number>
  abandoned: Generated<number>
  expired: Generated<number>
  ready: Generated<number>
  makeSeconds: Generated<number>
  kept: Generated<number>
  lateSeconds: Generated<number>
  earlySeconds: Generated<number>
  naiveKept: Generated<number>
  naiveLateSeconds: Generated<number>
  naiveEarlySeconds: Generated<number>
  collected: Generated<number>
  uncollected: Generated<number>
  customers: Generated<number>
  newCustomers: Generated<number>
  make: Generated<number[]>
  late: Generated<number[]>
  early: Generated<number[]>
}

export interface RollupProductsTable {
  cafeteriaId: string
  day: string
  productId: string
  quantity: number
  cents: number
  lostQuantity: number
  lostCents: number
  /** 24 numbers, by what the hour hand shows. */
  hours: number[]
}

export interface RollupStatusesTable {
  cafeteriaId: string
  day: string
  status: OrderStatus
  orders: number
}

export type PaymentOutcome =
  | 'authorized'
  | 'declined'
  | 'failed'
  | 'captured'
  | 'capture_failed'
  | 'voided'
  | 'refunded'
  | 'refund_failed'

export interface RollupPaymentsTable {
  cafeteriaId: string
  day: string
  method: 'wallet' | 'card'
  outcome: PaymentOutcome
  payments: number
  cents: number
}

export interface CustomersTable {
  cafeteriaId: string
  userId: string
  firstDay: string
  lastDay: string
  lastAt: string
  orders: number
  cents: number
  lostOrders: number
  lostCents: number
}

/** A view of the log, for the functions that roll it up. */
export interface CountedMovesView {
  id: number
  xid: string
  cafeteriaId: string
  orderId: string
  userId: string
  at: string
  day: string
  hour: string
  localHour: number
  outcome: string
  totalCents: number
  pickupKind: string
  makeSeconds: number
  lateSeconds: number
  naiveLateSeconds: number
}

/** A view of the log, for the functions that roll it up. */
export interface CountedPaymentsView {
  id: number
  cafeteriaId: string
  at: string
  day: string
  method: string
  outcome: string
  cents: number
}
