import { type Static, Type } from 'typebox'
import type { DatabaseOptions } from './database.ts'
import type { ReplicaPurpose } from './nodes/replica.ts'

/** The environment variables of everything that talks to Postgres. */
export const databaseConfig = {
  DATABASE_URL: Type.String({
    description:
      'Where Postgres takes writes, as a postgres:// URL; of several hosts (postgres://…@one:5432,two:5432/…) the one that takes writes is found and followed',
    pattern: '^postgres(ql)?://',
  }),
  DATABASE_REPLICA_URLS: Type.String({
    default: '',
    pattern:
      '^$|^(catalogue|analytics|reports)=postgres(ql)?://[^,]+(,(catalogue|analytics|reports)=postgres(ql)?://[^,]+)*$',
    description:
      'Replicas by purpose, comma-separated: catalogue=postgres://…,analytics=postgres://…,reports=postgres://…',
  }),
  DATABASE_OWNER_LOGIN: Type.Union([Type.Literal('refuse'), Type.Literal('allow')], {
    default: 'refuse',
    description:
      'What production does when the service logs in as the owner of the tables, and not as its own role: refuse, which is not to be ready, or allow',
  }),
  DATABASE_POOL_MIN: Type.Integer({
    default: 10,
    minimum: 0,
    description: 'Connections kept open per server and process',
  }),
  DATABASE_POOL_MAX: Type.Integer({
    default: 100,
    minimum: 1,
    description: 'Most connections per server and process',
  }),
  DATABASE_IDLE_SECONDS: Type.Number({
    default: 30,
    minimum: 1,
    description: 'When an idle connection above the minimum is closed',
  }),
  DATABASE_CONNECT_SECONDS: Type.Number({
    default: 10,
    minimum: 0.1,
    description: 'Longest wait for a connection',
  }),
  DATABASE_STATEMENT_SECONDS: Type.Number({
    default: 30,
    minimum: 0.1,
    description: 'Longest time for one statement',
  }),
  DATABASE_IDLE_IN_TRANSACTION_SECONDS: Type.Number({
    default: 60,
    minimum: 1,
    description: 'When Postgres ends an idle transaction',
  }),
  DATABASE_SLOW_MILLISECONDS: Type.Number({
    default: 200,
    minimum: 1,
    description: 'Slower statements are logged',
  }),
  DATABASE_MAX_LAG_SECONDS: Type.Number({
    default: 5,
    minimum: 0.1,
    description:
      'A replica further behind leaves the rotation, and returns when it is at most half as far behind',
  }),
}

/** The environment variables of whatever also reads reports. */
export const reportsConfig = {
  DATABASE_REPORT_SECONDS: Type.Number({
    default: 25,
    minimum: 0.1,
    description: 'Longest time for one statement of a report, on replicas for reports',
  }),
}

const schema = Type.Object(databaseConfig)
const reportsSchema = Type.Object(reportsConfig)
export type DatabaseConfig = Static<typeof schema> & Partial<Static<typeof reportsSchema>>

/**
 * The options of `createDatabase` from validated environment variables.
 * @param applicationName the name under which Postgres lists its sessions
 */
export function databaseOptions(
  config: DatabaseConfig & { NODE_ENV?: string },
  applicationName: string,
): Omit<DatabaseOptions, 'log' | 'onStatement'> {
  return {
    url: config.DATABASE_URL,
    applicationName,
    min: config.DATABASE_POOL_MIN,
    max: config.DATABASE_POOL_MAX,
    idleMilliseconds: config.DATABASE_IDLE_SECONDS * 1000,
    connectMilliseconds: config.DATABASE_CONNECT_SECONDS * 1000,
    statementMilliseconds: config.DATABASE_STATEMENT_SECONDS * 1000,
    idleInTransactionMilliseconds: config.DATABASE_IDLE_IN_TRANSACTION_SECONDS * 1000,
    maximumLagMilliseconds: config.DATABASE_MAX_LAG_SECONDS * 1000,
    refuseOwner: config.NODE_ENV === 'production' && config.DATABASE_OWNER_LOGIN === 'refuse',
    replicas: config.DATABASE_REPLICA_URLS.split(',')
      .filter(Boolean)
      .map((entry) => {
        const separator = entry.indexOf('=')
        const purpose = entry.slice(0, separator) as ReplicaPurpose
        const seconds = purpose === 'reports' ? config.DATABASE_REPORT_SECONDS : undefined
        return {
          purpose,
          url: entry.slice(separator + 1),
          ...(seconds === undefined ? {} : { statementMilliseconds: seconds * 1000 }),
        }
      }),
  }
}
