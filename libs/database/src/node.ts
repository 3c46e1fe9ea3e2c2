import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import { createPool, type Pool, type PoolOptions } from './pool.ts'
import type { Schema } from './schema/schema.ts'

/** One Postgres server as this process sees it. */
export interface DatabaseNode {
  name: string
  db: Kysely<Schema>
  pool: Pool
  /** False after a failure, until the next success. */
  reachable: boolean
  /** Milliseconds behind the primary; null before the first look. Always 0 for the primary. */
  lagMilliseconds: number | null
  /**
   * The write position of a primary, or the replayed one of a replica, in bytes of WAL since the beginning of time. Asked
   * over a connection of its own, so that a full pool does not look like a lost server.
   */
  findPosition: () => Promise<{ inRecovery: boolean; position: number }>
  close: () => Promise<void>
}

const watchMilliseconds = 2000

export function createNode(name: string, options: PoolOptions): DatabaseNode {
  const pool = createPool(options)
  const db = openPool(pool)
  const watch = openPool(
    createPool({
      ...options,
      min: 0,
      max: 1,
      connectMilliseconds: Math.min(options.connectMilliseconds, watchMilliseconds),
      statementMilliseconds: Math.min(options.statementMilliseconds, watchMilliseconds),
      onStatement: () => {},
    }),
  )
  return {
    name,
    db,
    pool,
    reachable: true,
    lagMilliseconds: null,
    async findPosition() {
      const { rows } = await sql<{ inRecovery: boolean; position: number }>`
        select pg_is_in_recovery() as in_recovery, pg_wal_lsn_diff(
          case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, '0/0')::float8 as position
      `.execute(watch)
      return rows[0] as { inRecovery: boolean; position: number }
    },
    async close() {
      await Promise.all([db.destroy(), watch.destroy()])
    },
  }
}

function openPool(pool: Pool): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
}
