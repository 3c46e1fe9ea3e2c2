import { performance } from 'node:perf_hooks'
import type { Kysely } from 'kysely'
import type { ReplicaNode } from './node.ts'
import { bytesOf, type Position } from './position.ts'
import type { PrimaryNode } from './primary.ts'
import type { Answer } from './read-after.ts'
import type { Schema } from './schema/schema.ts'

/** How long a read waits for replicas, all together. Streaming takes a few milliseconds; whoever is later is late. */
const patienceMilliseconds = 50

/** One read that must not miss what was written up to a position. */
export interface CatchUp {
  /** Null: the replica has not replayed it, and will not in time. */
  read: <T>(replica: ReplicaNode, query: (db: Kysely<Schema>) => Promise<T>) => Promise<Answer<T>>
}

export function createCatchUp(primary: PrimaryNode, after: Position): CatchUp {
  let least = bytesOf(after)
  let deadline: number | null = null

  /** Nobody was ever given a position beyond the one that the primary has now; at least not on this timeline. */
  async function lowerToAttainable(): Promise<void> {
    if (!primary.reachable) return
    least = Math.min(least, await primary.readPosition().catch(() => least))
  }

  return {
    async read(replica, query) {
      const answer = await replica.readAfter(least, query)
      if (answer || (replica.lagMilliseconds ?? 0) > patienceMilliseconds) return answer
      if (deadline === null) {
        deadline = performance.now() + patienceMilliseconds
        await lowerToAttainable()
      }
      const left = deadline - performance.now()
      return left > 0 && (await replica.reaches(least, left)) ? replica.readAfter(least, query) : null
    },
  }
}
