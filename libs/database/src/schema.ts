import type { Generated, JSONColumnType } from 'kysely'

/**
 * The tables of libs/database/migrations, in camelCase (the camel-case plugin converts). Timestamps are ISO 8601 strings
 * with microseconds and offset, dates `YYYY-MM-DD`, times `HH:MM:SS`, 64-bit integers JavaScript numbers.
 */
export interface Schema {
  users: UsersTable
  sessions: SessionsTable
  refreshTokens: RefreshTokensTable
  memberships: MembershipsTable
  auditLog: AuditLogTable
  settings: SettingsTable
  cafeterias: CafeteriasTable
  openingHours: OpeningHoursTable
  scheduleExceptions: ScheduleExceptionsTable
  mealtimes: MealtimesTable
  categories: CategoriesTable
  products: ProductsTable
  modifierGroups: ModifierGroupsTable
  modifiers: ModifiersTable
  productModifierGroups: ProductModifierGroupsTable
  pickupSlots: PickupSlotsTable
  orders: OrdersTable
  orderItems: OrderItemsTable
  orderEvents: OrderEventsTable
  feed: FeedTable
  feedHeads: FeedHeadsTable
  idempotencyKeys: IdempotencyKeysTable
  accounts: AccountsTable
  payments: PaymentsTable
  refunds: RefundsTable
  entries: EntriesTable
  providerEvents: ProviderEventsTable
}

interface UsersTable {
  id: Generated<string>
  email: string
  name: string
  passwordHash: string
  isAdmin: Generated<boolean>
  locale: Generated<string>
  createdAt: Generated<string>
  updatedAt: Generated<string>
}

interface SessionsTable {
  id: Generated<string>
  userId: string
  userAgent: string | null
  address: string | null
  createdAt: Generated<string>
  lastUsedAt: Generated<string>
  expiresAt: string
  revokedAt: string | null
}

interface RefreshTokensTable {
  hash: Buffer
  sessionId: string
  createdAt: Generated<string>
  usedAt: string | null
}

interface MembershipsTable {
  userId: string
  cafeteriaId: string
  role: 'staff' | 'manager'
  createdAt: Generated<string>
}

interface AuditLogTable {
  id: Generated<number>
  actorId: string | null
  action: string
  subjectType: string
  subjectId: string
  before: JSONColumnType<object | null, string | null>
  after: JSONColumnType<object | null, string | null>
  requestId: string | null
  at: Generated<string>
}

interface SettingsTable {
  key: string
  value: JSONColumnType<object>
  updatedAt: Generated<string>
}

interface CafeteriasTable {
  id: Generated<string>
  slug: string
  name: string
  description: Generated<string>
  location: Generated<string>
  timeZone: string
  currency: string
  pausedAt: string | null
  pauseReason: string | null
  autoAccept: Generated<boolean>
  paymentSeconds: Generated<number>
  acceptanceSeconds: Generated<number>
  collectionSeconds: Generated<number>
  recallSeconds: Generated<number>
  slotMinutes: Generated<number>
  slotCapacityOrders: Generated<number>
  slotCapacityMakeSeconds: number | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

interface OpeningHoursTable {
  cafeteriaId: string
  kind: 'opening' | 'ordering'
  weekday: number
  opens: string
  closes: string
}

interface ScheduleExceptionsTable {
  id: Generated<string>
  cafeteriaId: string
  date: string
  opens: string | null
  closes: string | null
  reason: Generated<string>
  createdAt: Generated<string>
}

interface MealtimesTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  starts: string
  ends: string
}

interface CategoriesTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  position: Generated<number>
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

interface ProductsTable {
  id: Generated<string>
  cafeteriaId: string
  categoryId: string
  mealtimeId: string | null
  name: string
  description: Generated<string>
  priceCents: number
  makeSeconds: number
  allergens: Generated<string[]>
  dietaryTags: Generated<string[]>
  imageUrl: string | null
  position: Generated<number>
  available: Generated<boolean>
  stockQuantity: number | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

interface ModifierGroupsTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  minSelect: Generated<number>
  maxSelect: Generated<number>
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

interface ModifiersTable {
  id: Generated<string>
  groupId: string
  name: string
  priceDeltaCents: Generated<number>
  available: Generated<boolean>
  position: Generated<number>
  deletedAt: string | null
}

interface ProductModifierGroupsTable {
  productId: string
  groupId: string
  position: Generated<number>
}

interface PickupSlotsTable {
  id: Generated<string>
  cafeteriaId: string
  startsAt: string
  endsAt: string
  capacityOrders: number
  capacityMakeSeconds: number | null
  reservedOrders: Generated<number>
  reservedMakeSeconds: Generated<number>
  closed: Generated<boolean>
}

export const orderStatuses = [
  'pending_payment',
  'placed',
  'accepted',
  'rejected',
  'preparing',
  'ready',
  'collected',
  'uncollected',
  'expired',
  'cancelled',
] as const
export type OrderStatus = (typeof orderStatuses)[number]

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
  pickupAt: string
  pickupUntil: string
  promisedAt: string
  pickupDate: string
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
}

export interface OrderItemModifier {
  modifierId: string
  name: string
  priceDeltaCents: number
}

interface OrderItemsTable {
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

interface OrderEventsTable {
  id: Generated<number>
  xid: Generated<string>
  orderId: string
  cafeteriaId: string
  version: number
  type: string
  actorId: string | null
  actorRole: 'customer' | 'staff' | 'manager' | 'admin' | 'system'
  reason: string | null
  requestId: string | null
  at: Generated<string>
}

interface FeedTable {
  cafeteriaId: string
  seq: number
  eventId: number
}

interface FeedHeadsTable {
  cafeteriaId: string
  seq: number
}

interface IdempotencyKeysTable {
  userId: string
  key: string
  operation: string
  requestHash: Buffer
  subjectId: string | null
  answer: JSONColumnType<object | null>
  createdAt: Generated<string>
}

interface AccountsTable {
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

interface PaymentsTable {
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

interface RefundsTable {
  id: Generated<string>
  paymentId: string
  amountCents: number
  reason: string
  status: 'pending' | 'succeeded' | 'failed'
  providerReference: string | null
  requestedBy: string | null
  attempts: Generated<number>
  nextAttemptAt: string | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
}

interface EntriesTable {
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

interface ProviderEventsTable {
  provider: string
  eventId: string
  payload: JSONColumnType<object>
  receivedAt: Generated<string>
}
