import type { DatabaseNode } from '../nodes/node.ts'
import type { PrimaryNode } from '../nodes/primary.ts'
import type { ReplicaNode, ReplicaPurpose } from '../nodes/replica.ts'

/** What a read needs: the newest state (`primary`), or a server for a purpose, which may lag a little. */
export type ReadNeed = 'primary' | ReplicaPurpose

/** Whether reads for that purpose are kept away from servers that take writes. */
export const isHeavy = (need: ReadNeed): boolean => need === 'analytics' || need === 'reports'

/** Returns a function that orders the nodes for a read, best first. */
export function createReadOrder({
  primary,
  replicas,
}: {
  primary: PrimaryNode
  replicas: readonly ReplicaNode[]
}) {
  let roundRobinIndex = 0

  /** Orders by lag, the unreachable ones last. What a promotion left behind is missing, because its answer may be wrong. */
  function followersByLag(): ReplicaNode[] {
    return replicas
      .filter((replica) => !replica.leftBehind)
      .toSorted(
        (a, b) =>
          Number(b.reachable) - Number(a.reachable) || (a.lagMilliseconds ?? 0) - (b.lagMilliseconds ?? 0),
      )
  }

  /** Those in rotation, for the purpose if there are any, each of them first in turn. */
  function rotate(candidates: readonly ReplicaNode[], need: ReadNeed): ReplicaNode[] {
    const fit = candidates.filter(({ reachable, inRotation }) => reachable && inRotation)
    const dedicated = fit.filter((replica) => replica.purpose === need)
    const rotation = dedicated.length > 0 ? dedicated : fit
    roundRobinIndex = (roundRobinIndex + 1) % Math.max(rotation.length, 1)
    return [...rotation.slice(roundRobinIndex), ...rotation.slice(0, roundRobinIndex)]
  }

  /**
   * Heavy reads slow down neither orders nor menus: they go to no server that takes writes and, if there are replicas of other purposes,
   * to none of the catalogue.
   */
  function heavyReadersByLag(): ReplicaNode[] {
    const standbys = followersByLag().filter(({ takesWrites }) => takesWrites === false)
    const isDedicated = replicas.some(({ purpose }) => purpose !== 'catalogue')
    return standbys.filter(({ purpose }) => !isDedicated || purpose !== 'catalogue')
  }

  // Replicas that lag too much or are lost stay at the end, because a stale answer is better than none.
  return (need: ReadNeed): DatabaseNode[] => {
    if (need === 'primary') {
      const byLag = followersByLag()
      return primary.reachable && primary.writable ? [primary, ...byLag] : [...byLag, primary]
    }
    const onlyReplicas = isHeavy(need) && replicas.length > 0
    const candidates = onlyReplicas ? heavyReadersByLag() : followersByLag()
    const rotation = rotate(candidates, need)
    const others = candidates.filter((replica) => !rotation.includes(replica))
    if (onlyReplicas) return [...rotation, ...others]
    return primary.reachable ? [...rotation, primary, ...others] : [...rotation, ...others, primary]
  }
}
