export { type DatabaseConfig, databaseConfig, databaseOptions } from './config.ts'
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type ReadNeed,
  type ReplicaPurpose,
} from './database.ts'
export { type DatabaseCheck, databaseChecks } from './health.ts'
export { migrate, migrationsDigest } from './migrations.ts'
export type { DatabaseMetrics } from './observe.ts'
export { openDatabase } from './open-database.ts'
export { findRefusal, type Refusal } from './refusal.ts'
export {
  type OrderItemModifier,
  type OrderStatus,
  type OrdersTable,
  orderStatuses,
  type PaymentStatus,
  paymentStatuses,
  type Schema,
} from './schema.ts'
export type { Statement, StatementListener } from './statement.ts'
export { databaseErrors, isUnavailable } from './unavailable.ts'
