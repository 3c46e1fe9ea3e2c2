import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import type { Pool } from '../connections/pool.ts'
import type { Schema } from '../schema/schema.ts'
import type { ServerStatus } from './server-status.ts'

/** A Postgres server as this process sees it. */
export interface DatabaseNode {
  name: string
  db: Kysely<Schema>
  pool: Pool
  /** False after a failure, until the next success. */
  reachable: boolean
  /** Milliseconds behind the primary; null until both have been probed, and always 0 for the primary. */
  lagMilliseconds: number | null
  /**
   * A moment, in epoch milliseconds by the clock of the primary, up to which the server certainly shows what was committed, and
   * maybe more; null while it is not known, and Infinity for the primary.
   */
  caughtUpAt: number | null
  /** Reads the server's status now. Rejects when it does not answer in time. */
  probe: () => Promise<ServerStatus>
  close: () => Promise<void>
}

/** Makes what the primary and replicas have in common. Closing the node also closes `resources`. */
export function createNode(
  name: string,
  pool: Pool,
  resources: readonly { close: () => Promise<void> }[],
): Omit<DatabaseNode, 'probe'> {
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
  return {
    name,
    db,
    pool,
    reachable: true,
    lagMilliseconds: null,
    caughtUpAt: null,
    async close() {
      await Promise.all([db.destroy(), ...resources.map((resource) => resource.close())])
    },
  }
}
