import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

export interface SettingsTable {
  key: string
  value: JSONColumnType<object>
  updatedAt: Generated<string>
}

export interface CafeteriasTable {
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
  cooks: Generated<number>
  slotMinutes: Generated<number>
  slotCapacityOrders: Generated<number>
  slotCapacityMakeSeconds: number | null
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

/** The time zones of a cafeteria since it was opened; `since` is `-infinity` for the first. */
export interface CafeteriaTimeZonesTable {
  cafeteriaId: string
  since: string
  timeZone: string
}

export interface OpeningHoursTable {
  cafeteriaId: string
  kind: 'opening' | 'ordering'
  weekday: number
  opens: string
  closes: string
}

export interface ScheduleExceptionsTable {
  id: Generated<string>
  cafeteriaId: string
  date: string
  opens: string | null
  closes: string | null
  reason: Generated<string>
  createdAt: Generated<string>
}

export interface MealtimesTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  starts: string
  ends: string
}

export interface CategoriesTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  position: Generated<number>
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

export interface ProductsTable {
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
  searchText: GeneratedAlways<string>
}

export interface ModifierGroupsTable {
  id: Generated<string>
  cafeteriaId: string
  name: string
  minSelect: Generated<number>
  maxSelect: Generated<number>
  createdAt: Generated<string>
  updatedAt: Generated<string>
  deletedAt: string | null
}

export interface ModifiersTable {
  id: Generated<string>
  groupId: string
  name: string
  priceDeltaCents: Generated<number>
  available: Generated<boolean>
  position: Generated<number>
  deletedAt: string | null
}

export interface ProductModifierGroupsTable {
  productId: string
  groupId: string
  position: Generated<number>
}

export interface PickupSlotsTable {
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

export interface CatalogueVersionsTable {
  cafeteriaId: string
  version: Generated<number>
  xid: Generated<string>
  changedAt: Generated<string>
}

export interface TopProductsTable {
  cafeteriaId: string
  calculatedAt: string
  productIds: string[]
  quantities: number[]
}
