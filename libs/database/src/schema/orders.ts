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
