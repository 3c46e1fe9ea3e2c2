import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { createLookout, type Sighting } from './lookout.ts'
import { createPool, type Pool, type PoolOptions } from './pool.ts'
import { createReadAfter, type ReadAfter } from './read-after.ts'
import { createReplayWatch } from './replay-watch.ts'
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
  /** Null: it has not replayed that position. */
  readAfter: ReadAfter
  /** Resolves with whether it has replayed a position before the patience is over. */
  reaches: (least: number, patienceMilliseconds: number) => Promise<boolean>
}

export interface ReplicaOptions extends PoolOptions {
  /** Whether a server that takes writes on that timeline is the primary. */
  isCurrent: (timeline: number) => boolean
}

export function createReplica(name: string, options: ReplicaOptions): ReplicaNode {
  const lookout = createLookout({ ...options, expectsWrites: false })
  const pool = createPool(options)
  return Object.assign(createNode(name, pool, [lookout]), {
    leftBehind: false,
    look: lookout.look,
    readAfter: createReadAfter(pool, options.isCurrent),
    reaches: createReplayWatch(lookout.look),
  })
}

/** What the primary and replicas have in common. Closes `others` with it. */
export function createNode(
  name: string,
  pool: Pool,
  others: readonly { close: () => Promise<void> }[],
): Omit<DatabaseNode, 'look'> {
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
  return {
    name,
    db,
    pool,
    reachable: true,
    lagMilliseconds: null,
    async close() {
      await Promise.all([db.destroy(), ...others.map((other) => other.close())])
    },
  }
}
