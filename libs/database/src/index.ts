export { type DatabaseConfig, databaseConfig, databaseOptions } from './config.ts'
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type ReadNeed,
  type ReadOptions,
  type ReplicaPurpose,
} from './database.ts'
export { type DatabaseCheck, databaseChecks } from './health.ts'
export { type Migrated, type MigrateOptions, migrate } from './migrate/migrate.ts'
export type { DatabaseMetrics } from './observe.ts'
export { openDatabase } from './open-database.ts'
export { type Position, positionPattern, unknownPosition } from './position.ts'
export { findRefusal, type Refusal } from './refusal.ts'
export type { OrderItemModifier, OrdersTable } from './schema/orders.ts'
export { type PaymentStatus, paymentStatuses } from './schema/payments.ts'
export type { Schema } from './schema/schema.ts'
export type { Statement, StatementListener } from './statement.ts'
export { databaseErrors, isUnavailable } from './unavailable.ts'
