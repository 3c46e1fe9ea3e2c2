import { performance } from 'node:perf_hooks'
import type { Kysely } from 'kysely'
import type { PrimaryNode } from '../nodes/primary.ts'
import type { ReadResult } from '../nodes/read-after.ts'
import type { ReplicaNode } from '../nodes/replica.ts'
import { bytesOf, type Position } from '../positions/position.ts'
import type { Schema } from '../schema/schema.ts'

/** How long one read waits for replicas, in total. Streaming takes a few milliseconds, so a replica that needs longer is lagging. */
const timeoutMilliseconds = 50

/** One read that must not miss what was written up to a position. */
export interface ReplicaCatchUp {
  /** Runs the query on a replica; resolves to null when the replica does not replay the position in time. */
  read: <T>(replica: ReplicaNode, query: (db: Kysely<Schema>) => Promise<T>) => Promise<ReadResult<T>>
}

/** Begins a read after a position. All replicas that it tries share one time-out of 50 ms. */
export function createReplicaCatchUp(primary: PrimaryNode, after: Position): ReplicaCatchUp {
  let wanted = bytesOf(after)
  let deadline: number | null = null

  /** A position beyond the primary's present one is from a lost timeline or made up, and stands for the present one. */
  async function lowerToAttainable(): Promise<void> {
    if (!primary.reachable) return
    wanted = Math.min(wanted, await primary.readPosition().catch(() => wanted))
  }

  return {
    async read(replica, query) {
      const result = await replica.readAfter(wanted, query)
      if (result || (replica.lagMilliseconds ?? 0) > timeoutMilliseconds) return result
      if (deadline === null) {
        deadline = performance.now() + timeoutMilliseconds
        await lowerToAttainable()
      }
      const remaining = deadline - performance.now()
      return remaining > 0 && (await replica.waitForReplay(wanted, remaining))
        ? replica.readAfter(wanted, query)
        : null
    },
  }
}
