import type { OrderStatus } from '@comanda/ordering'
import type { Generated, JSONColumnType } from 'kysely'

export interface OrdersTable {
  id: Generated<string>
  cafeteriaId: string
  userId: string
  slotId: string
  status: OrderStatus
  version: Generated<number>
  totalCents: number
  currency: string
  makeSeconds: number
  paymentMethod: 'wallet' | 'card'
  pickupKind: Generated<'asap' | 'slot'>
  pickupAt: string
  pickupUntil: string
  promisedAt: string
  beginAt: Generated<string>
  naiveSeconds: number | null
  pickupDate: string
  number: number
  pickupCode: string
  reason: string | null
  deadlineAt: string | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
  placedAt: string | null
  acceptedAt: string | null
  startedAt: string | null
  readyAt: string | null
  closedAt: string | null
  /** The lines as the API shows them, in JSON. */
  items: string
}

export interface OrderItemModifier {
  modifierId: string
  name: string
  priceDeltaCents: number
}

export interface OrderItemsTable {
  id: Generated<string>
  orderId: string
  position: number
  productId: string
  name: string
  quantity: number
  unitPriceCents: number
  modifiers: JSONColumnType<OrderItemModifier[]>
  note: string | null
  stockTaken: boolean
}

export interface IdempotencyKeysTable {
  userId: string
  key: string
  operation: string
  requestHash: Buffer
  subjectId: string | null
  answer: JSONColumnType<object | null>
  createdAt: Generated<string>
}

export interface QuotesTable {
  id: Generated<string>
  userId: string
  cafeteriaId: string
  slotId: string
  digest: Buffer
  totalCents: number
  promisedAt: string
  naiveSeconds: number | null
  createdAt: Generated<string>
  expiresAt: string
}

/** What was learnt of a kitchen, as placing reads it: the elements of `p50` and `p90` are of the load bins from 1 on. */
export interface PromiseModelsTable {
  cafeteriaId: string
  learnt: number
  theta: number
  p50: number[]
  p90: number[]
  updatedAt: Generated<string>
}

/** A histogram of actual by naive times for each load bin of a kitchen. */
export interface PromiseRatiosTable {
  cafeteriaId: string
  loadBin: number
  weights: number[]
}
