import type { Kysely } from 'kysely'
import { databaseErrors, isPoolFull, isUnavailable } from '../errors/database-errors.ts'
import type { DatabaseNode } from '../nodes/node.ts'
import type { DatabaseNodes } from '../nodes/open-nodes.ts'
import { readUntil } from '../nodes/read-until.ts'
import type { ReplicaNode } from '../nodes/replica.ts'
import type { Position } from '../positions/position.ts'
import type { Schema } from '../schema/schema.ts'
import { createReadOrder, isHeavy, type ReadNeed } from './read-order.ts'
import { createReplicaCatchUp } from './replica-catch-up.ts'

export interface ReadOptions {
  /**
   * A replica answers only if it has replayed this position, for which it is given 50 ms; otherwise the primary answers. A position
   * beyond the primary's own, because it is from a lost timeline or made up, stands for the primary's present one.
   */
  after?: Position | undefined
  /**
   * When it is aborted, the read ends with its reason, and so does the statement on the server, within a second on a replica for analytics
   * or reports. All statements of the query then run on one connection. It has no effect on a read `after` a position.
   */
  signal?: AbortSignal | undefined
}

export interface Reads {
  /**
   * Runs a query on the server that suits the need best, and on the next best one if the first one is lost; so `query` must
   * only read. `primary` is answered by the least lagging replica only while the primary is away, and then too only by one
   * that has replayed `after`. `analytics` and `reports` are never answered by the primary where there are replicas, nor by one that was
   * promoted: rather by a replica of theirs that lags, or not at all.
   * @throws AppError `database_unavailable` (503) when no server is left
   */
  read: <T>(need: ReadNeed, query: (db: Kysely<Schema>) => Promise<T>, options?: ReadOptions) => Promise<T>
  /** Reads as `read` does; what a replica does not have (undefined) is also read from the primary before it is reported missing. */
  find: <T>(
    need: 'primary' | 'catalogue',
    query: (db: Kysely<Schema>) => Promise<T | undefined>,
    options?: ReadOptions,
  ) => Promise<T | undefined>
}

function noServer(after: Position): Error {
  const detail = after
    ? 'No server is known to have replayed what was written before.'
    : 'No replica for this purpose answers.'
  return databaseErrors.database_unavailable(detail, { retryAfterSeconds: 2 })
}

/** Routes reads to the nodes that suit them. */
export function createReads(options: DatabaseNodes): Reads {
  const { primary, setReachable, replicasProbed } = options
  const orderFor = createReadOrder(options)

  async function readFrom<T>(
    need: ReadNeed,
    query: (db: Kysely<Schema>) => Promise<T>,
    { after = '', signal }: ReadOptions = {},
  ): Promise<{ value: T; node: DatabaseNode }> {
    const catchUp = after === '' ? null : createReplicaCatchUp(primary, after)
    // Before its first probe nobody knows of a replica whether it is one.
    if (isHeavy(need)) await replicasProbed
    let failure: unknown
    for (const node of orderFor(need)) {
      try {
        if (catchUp === null || (node === primary && primary.writable)) {
          const value = await (signal ? readUntil(node.pool, signal, query) : query(node.db))
          return { value, node }
        }
        // What a demoted primary has replayed is not known.
        const result = node === primary ? null : await catchUp.read(node as ReplicaNode, query)
        if (result) return { ...result, node }
      } catch (error) {
        if (signal?.aborted || !isUnavailable(error)) throw error
        if (!isPoolFull(error)) setReachable(node, false, error)
        failure = error
      }
    }
    throw failure instanceof Error ? failure : noServer(after)
  }

  return {
    read: async (...read) => (await readFrom(...read)).value,
    async find(need, query, readOptions) {
      const { value, node } = await readFrom(need, query, readOptions)
      if (value !== undefined || node === primary) return value
      return (await readFrom('primary', query, readOptions)).value
    },
  }
}
