import type {
  CafeteriasTable,
  CafeteriaTimeZonesTable,
  CatalogueVersionsTable,
  CategoriesTable,
  MealtimesTable,
  ModifierGroupsTable,
  ModifiersTable,
  OpeningHoursTable,
  PickupSlotsTable,
  ProductModifierGroupsTable,
  ProductsTable,
  ScheduleExceptionsTable,
  SettingsTable,
  TopProductsTable,
} from './catalogue.ts'
import type {
  EventPositionsTable,
  EventsTable,
  FeedHeadsTable,
  FeedTable,
  RelayedOrdersView,
} from './events.ts'
import type {
  IdempotencyKeysTable,
  OrderItemsTable,
  OrdersTable,
  PromiseModelsTable,
  PromiseRatiosTable,
  QuotesTable,
} from './orders.ts'
import type {
  AccountsTable,
  EntriesTable,
  PaymentsTable,
  ProviderEventsTable,
  RefundsTable,
} from './payments.ts'
import type {
  AuditLogTable,
  InvitationsTable,
  MembershipsTable,
  RefreshTokensTable,
  SessionsTable,
  UsersTable,
} from './people.ts'
import type {
  CountedMovesView,
  CountedPaymentsView,
  CustomersTable,
  RollupDaysTable,
  RollupHoursTable,
  RollupPaymentsTable,
  RollupProductsTable,
  RollupStatusesTable,
} from './rollups.ts'

export interface Schema {
  users: UsersTable
  sessions: SessionsTable
  refreshTokens: RefreshTokensTable
  memberships: MembershipsTable
  invitations: InvitationsTable
  auditLog: AuditLogTable
  settings: SettingsTable
  cafeterias: CafeteriasTable
  cafeteriaTimeZones: CafeteriaTimeZonesTable
  openingHours: OpeningHoursTable
  scheduleExceptions: ScheduleExceptionsTable
  mealtimes: MealtimesTable
  categories: CategoriesTable
  products: ProductsTable
  modifierGroups: ModifierGroupsTable
  modifiers: ModifiersTable
  productModifierGroups: ProductModifierGroupsTable
  pickupSlots: PickupSlotsTable
  catalogueVersions: CatalogueVersionsTable
  topProducts: TopProductsTable
  orders: OrdersTable
  orderItems: OrderItemsTable
  quotes: QuotesTable
  promiseModels: PromiseModelsTable
  promiseRatios: PromiseRatiosTable
  events: EventsTable
  eventPositions: EventPositionsTable
  feed: FeedTable
  feedHeads: FeedHeadsTable
  relayedOrders: RelayedOrdersView
  idempotencyKeys: IdempotencyKeysTable
  accounts: AccountsTable
  payments: PaymentsTable
  refunds: RefundsTable
  entries: EntriesTable
  providerEvents: ProviderEventsTable
  rollupHours: RollupHoursTable
  rollupDays: RollupDaysTable
  rollupProducts: RollupProductsTable
  rollupStatuses: RollupStatusesTable
  rollupPayments: RollupPaymentsTable
  customers: CustomersTable
  countedMoves: CountedMovesView
  countedPayments: CountedPaymentsView
}
