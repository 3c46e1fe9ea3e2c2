import type { Kysely } from 'kysely'
import { createSchemaCheck } from './migrate/schema-check.ts'
import { type NodesOptions, openNodes } from './nodes/open-nodes.ts'
import type { PrimaryNode } from './nodes/primary.ts'
import type { ReplicaNode } from './nodes/replica.ts'
import { type Position, positionOf, unknownPosition } from './positions/position.ts'
import { createReads, type Reads } from './reads/reads.ts'
import type { Schema } from './schema/schema.ts'

export interface DatabaseOptions extends NodesOptions {
  /** Whether a login as the owner of the tables is a `schemaProblem`; left out: it is a warning in the log. */
  refuseOwner?: boolean
}

/** A primary and its replicas, as a service uses them. */
export interface Database extends Reads {
  /**
   * The server for writes. It follows a standby that was promoted. Nothing is ever sent twice, so what was in flight when a server was
   * lost may or may not be committed.
   * @throws AppError `database_unavailable` (503) when no server takes writes
   */
  primary: Kysely<Schema>
  /**
   * Resolves to a position at or after everything that this process has committed so far, which the client is given to read its
   * write. Concurrent calls share one statement on the primary. Never rejects, because what is committed is committed: without
   * an answer it resolves to `unknownPosition`.
   */
  position: () => Promise<Position>
  /** Why this program cannot run on its database, and what to do; null when it can, as far as is known. */
  schemaProblem: () => Promise<string | null>
  nodes: readonly [PrimaryNode, ...ReplicaNode[]]
  close: () => Promise<void>
}

/** Opens pools to the primary and its replicas, and monitors them until closed. Connects lazily: a start needs no server. */
export function createDatabase(options: DatabaseOptions): Database {
  const nodes = openNodes(options)
  const { primary, replicas, close } = nodes
  return {
    primary: primary.db,
    ...createReads(nodes),
    position: () => primary.readPosition().then(positionOf, () => unknownPosition),
    schemaProblem: createSchemaCheck({
      connect: primary.pool.connect,
      refuseOwner: options.refuseOwner ?? false,
      log: options.log,
    }),
    nodes: [primary, ...replicas],
    close,
  }
}
