import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { createLookout, type Lookout, type Sighting } from './lookout.ts'
import { createPool, type Pool, type PoolOptions } from './pool.ts'
import type { Schema } from './schema/schema.ts'

/** A Postgres server as this process sees it. */
export interface DatabaseNode {
  name: string
  db: Kysely<Schema>
  pool: Pool
  /** False after a failure, until the next success. */
  reachable: boolean
  /** Milliseconds behind the primary; null before the first look. Always 0 for the primary. */
  lagMilliseconds: number | null
  /** What the server says of itself now. */
  look: () => Promise<Sighting>
  close: () => Promise<void>
}

export interface ReplicaNode extends DatabaseNode {
  /**
   * Whether it is an old primary that runs on although another server was promoted: what it tells is no longer true.
   * A replica that was itself promoted is not left behind, but is the primary by another name.
   */
  leftBehind: boolean
}

export function createReplica(name: string, options: PoolOptions): ReplicaNode {
  const lookout = createLookout({ ...options, expectsWrites: false })
  const node = createNode(name, createPool(options), [lookout])
  return Object.assign(node, { leftBehind: false, look: lookout.look })
}

/** What the primary and replicas have in common. */
export function createNode(
  name: string,
  pool: Pool,
  lookouts: readonly Lookout[],
): Omit<DatabaseNode, 'look'> {
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
  return {
    name,
    db,
    pool,
    reachable: true,
    lagMilliseconds: null,
    async close() {
      await Promise.all([db.destroy(), ...lookouts.map((lookout) => lookout.close())])
    },
  }
}
