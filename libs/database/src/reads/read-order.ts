import type { DatabaseNode } from '../nodes/node.ts'
import type { PrimaryNode } from '../nodes/primary.ts'
import type { ReplicaNode, ReplicaPurpose } from '../nodes/replica.ts'

/** What a read needs: the newest state (`primary`), or a server for a purpose, which may lag a little. */
export type ReadNeed = 'primary' | ReplicaPurpose

export interface ReadOrderOptions {
  primary: PrimaryNode
  replicas: readonly ReplicaNode[]
  /** A replica that lags more leaves the rotation. */
  maximumLagMilliseconds: number
}

/**
 * Returns a function that orders the nodes for a read, best first. Replicas that lag too much or are lost stay at the end, because a
 * stale answer is better than none; replicas that a promotion left behind are left out, because their answer may be wrong.
 */
export function createReadOrder({ primary, replicas, maximumLagMilliseconds }: ReadOrderOptions) {
  let roundRobinIndex = 0

  function isFit({ reachable, lagMilliseconds }: ReplicaNode): boolean {
    return reachable && lagMilliseconds !== null && lagMilliseconds <= maximumLagMilliseconds
  }

  return (need: ReadNeed): DatabaseNode[] => {
    const followers = replicas.filter((replica) => !replica.leftBehind)
    const byLag = followers.toSorted(
      (a, b) =>
        Number(b.reachable) - Number(a.reachable) || (a.lagMilliseconds ?? 0) - (b.lagMilliseconds ?? 0),
    )
    if (need === 'primary') {
      return primary.reachable && primary.writable ? [primary, ...byLag] : [...byLag, primary]
    }
    const fit = followers.filter(isFit)
    const dedicated = fit.filter((replica) => replica.purpose === need)
    const rotation = dedicated.length > 0 ? dedicated : fit
    roundRobinIndex = (roundRobinIndex + 1) % Math.max(rotation.length, 1)
    return [
      ...rotation.slice(roundRobinIndex),
      ...rotation.slice(0, roundRobinIndex),
      primary,
      ...byLag.filter((replica) => !rotation.includes(replica)),
    ]
  }
}
