/** The services that have a role of their own in the database: that of `orders` is called `comanda_orders`. */
export const servicesWithRoles = ['orders', 'worker', 'realtime', 'analytics'] as const
export type ServiceWithRole = (typeof servicesWithRoles)[number]

/** The role of a service. Roles belong to the whole server and not to one database, hence the prefix. */
export const roleOf = (service: ServiceWithRole): string => `comanda_${service}`

/** Roles whose transactions only read unless they ask for something else, on top of having no right to write. */
export const readOnlyServices: readonly ServiceWithRole[] = ['analytics']

const read = 'select'
const append = 'select, insert'
const edit = 'select, insert, update'
const replace = 'select, insert, delete'
const everything = 'select, insert, update, delete'
const appendEntry = `select, insert (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
  payment_id, refund_id)`
const appendEvent =
  'select, insert (type, cafeteria_id, order_id, version, actor_id, actor_role, reason, request_id, data)'

/**
 * What each service may do with each table and view, as the privileges of a `grant`. Whoever is not named may do nothing, and no service
 * owns anything, so none can change the schema, switch off a trigger or empty a table. A row is locked by `select … for update`, for
 * which Postgres wants the right to update any of its columns: where a service only locks, it is one that says nothing.
 *
 * A new table needs a line here; `{}` is for the owner alone, who migrates. The previous release runs with these rights while it is
 * replaced, so a right that it needs is taken away one release later.
 */
export const rights: Record<string, Partial<Record<ServiceWithRole, string>>> = {
  // The schema
  function_files: {},
  schema_migrations: {},
  schema_version: { orders: read, worker: read, realtime: read, analytics: read },

  // History, which nobody changes: events, the audit log, the ledger. The columns that say when and in which order things happened are
  // left to their defaults, so that nothing can be written into the past.
  audit_log: {
    orders:
      'select, insert (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)',
  },
  entries: { orders: appendEntry, worker: appendEntry },
  events: {
    orders: appendEvent,
    worker: appendEvent,
    analytics: 'select (id, xid, type, cafeteria_id, order_id, version, actor_role, at)',
  },

  // People
  users: {
    orders: `select, insert (email, name, password_hash, locale),
      update (name, locale, password_hash, roles_version, roles_changed_at, updated_at)`,
    realtime: 'select (id, roles_version, roles_changed_at)',
    analytics: 'select (id, roles_version, roles_changed_at)',
  },
  sessions: {
    orders: edit,
    worker: 'select (id, expires_at), update (expires_at), delete',
    realtime: 'select (id, revoked_at)',
    analytics: 'select (id, revoked_at)',
  },
  refresh_tokens: { orders: edit },
  memberships: { orders: everything },
  invitations: { orders: edit, worker: 'select (id, expires_at), update (expires_at), delete' },

  // The catalogue
  settings: { orders: edit, worker: read },
  cafeterias: {
    orders: edit,
    worker: 'select, update (updated_at)',
    realtime: 'select (id, deleted_at)',
    analytics: read,
  },
  // A trigger on cafeterias writes it.
  cafeteria_time_zones: { orders: append, worker: read, analytics: read },
  opening_hours: { orders: replace, worker: read },
  schedule_exceptions: { orders: everything, worker: read },
  mealtimes: { orders: everything, worker: read },
  categories: { orders: edit, worker: read },
  products: { orders: edit, worker: 'select, update (stock_quantity)', analytics: read },
  modifier_groups: { orders: edit, worker: read },
  modifiers: { orders: edit, worker: read },
  product_modifier_groups: { orders: replace, worker: read },
  pickup_slots: { orders: edit, worker: edit },
  catalogue_versions: { orders: edit, worker: edit, realtime: read },
  top_products: { orders: read, worker: edit },

  // Orders. Analytics sees neither the code with which an order is picked up nor what customers wrote.
  orders: {
    orders: edit,
    worker: 'select, update',
    realtime:
      'select (id, number, cafeteria_id, user_id, status, version, pickup_at, promised_at, reason, deadline_at, updated_at)',
    analytics: `select (id, number, cafeteria_id, user_id, slot_id, status, version, total_cents, currency, make_seconds, payment_method,
      pickup_at, pickup_until, promised_at, pickup_date, deadline_at, created_at, updated_at, placed_at, accepted_at, started_at,
      ready_at, closed_at)`,
  },
  order_items: { orders: append, worker: read },
  quotes: { orders: replace, worker: 'select (id, expires_at), update (expires_at), delete' },
  promise_models: { orders: read, worker: edit },
  promise_ratios: { worker: edit },
  idempotency_keys: { orders: everything, worker: 'select, update (created_at), delete' },

  // Money. Analytics sees nothing by which a card provider knows a payment.
  accounts: { orders: edit, worker: edit },
  payments: {
    orders: edit,
    worker: 'select, update',
    analytics: `select (id, purpose, order_id, provider, amount_cents, currency, status, refunded_cents, decline_code, created_at,
      updated_at)`,
  },
  refunds: { orders: edit, worker: edit },
  provider_events: { orders: append, worker: 'select, update (received_at), delete' },

  // The log's consumers and the feed. The view is all that gateways see of events.
  event_positions: { orders: read, worker: edit, analytics: read },
  feed: { orders: read, worker: replace },
  feed_heads: { orders: read, worker: edit, realtime: read },
  relayed_orders: { orders: read, worker: read, realtime: read },

  // Rollups. The views are for the functions that write them.
  counted_moves: { worker: read },
  counted_payments: { worker: read },
  rollup_hours: { worker: edit, analytics: read },
  rollup_days: { worker: edit, analytics: read },
  rollup_products: { worker: edit, analytics: read },
  rollup_statuses: { worker: edit, analytics: read },
  rollup_payments: { worker: edit, analytics: read },
  customers: { orders: read, worker: edit },
}
