import { setTimeout as sleep } from 'node:timers/promises'
import { type Loop, startLoop } from '@comanda/loops'
import type { PositionHistory } from '../positions/position-history.ts'
import type { DatabaseNode } from './node.ts'
import type { PrimaryNode } from './primary.ts'
import type { ReplicaNode } from './replica.ts'

/** Milliseconds between two probes while no primary is found, and before a probe that follows a failure. */
const hurryMilliseconds = 100

export interface MonitorOptions {
  primary: PrimaryNode
  replicas: readonly ReplicaNode[]
  history: PositionHistory
  setReachable: (node: DatabaseNode, reachable: boolean, error?: unknown) => void
  /** A replica that lags more leaves the rotation, and comes back when it lags by at most half of that. */
  maximumLagMilliseconds: number
  probeMilliseconds: number
  log: { info: (context: object, message: string) => void; warn: (context: object, message: string) => void }
}

export interface NodesMonitor extends Loop {
  /** Resolves when each replica has been probed once, whether or not it answered. */
  replicasProbed: Promise<void>
}

/** Probes the primary and its replicas again and again until stopped, and keeps the state of their nodes up to date. */
export function monitorNodes(options: MonitorOptions): NodesMonitor {
  const { primary, replicas, history, setReachable, maximumLagMilliseconds, probeMilliseconds, log } = options

  /** Half the limit on the way back keeps a replica that lags about as much as the limit from going in and out at every probe. */
  function setRotation(replica: ReplicaNode): void {
    const { inRotation, lagMilliseconds, name } = replica
    if (lagMilliseconds === null) return
    replica.inRotation = lagMilliseconds <= (inRotation ? maximumLagMilliseconds : maximumLagMilliseconds / 2)
    if (inRotation === replica.inRotation) return
    if (inRotation) log.warn({ node: name, lagMilliseconds }, 'database replica lags, and left the rotation')
    else log.info({ node: name, lagMilliseconds }, 'database replica is in the rotation')
  }

  async function probeReplica(replica: ReplicaNode): Promise<void> {
    try {
      const { position, timeline, clock, replayAgeMilliseconds } = await replica.probe()
      const leftBehind = timeline !== null && timeline < (primary.timeline ?? 0)
      if (leftBehind && !replica.leftBehind) {
        log.warn({ node: replica.name, timeline }, 'database node was left behind by a promotion')
      }
      replica.leftBehind = leftBehind
      // A replica that takes writes is the primary under another name.
      const replays = timeline === null || leftBehind
      replica.lagMilliseconds = replays ? history.lag(position, Date.now(), replayAgeMilliseconds) : 0
      replica.caughtUpAt = leftBehind ? null : replays ? history.caughtUpAt(position) : clock
      replica.takesWrites = timeline !== null
      setRotation(replica)
      setReachable(replica, true)
    } catch (error) {
      setReachable(replica, false, error)
    }
  }

  const firstProbes = Promise.withResolvers<void>()
  const hurry = Math.min(hurryMilliseconds, probeMilliseconds)
  const loop = startLoop({
    intervalMilliseconds: probeMilliseconds,
    wakeMilliseconds: hurry,
    onFailure: (error) => log.warn({ err: error }, 'database nodes were not probed'),
    async run() {
      const timeout = sleep(probeMilliseconds, undefined, { ref: false })
      // The primary comes first, because the replicas' lag is measured against what it has written by now.
      await Promise.race([primary.probeHosts(), timeout])
      const probes = Promise.all(replicas.map(probeReplica)).then(() => firstProbes.resolve())
      await Promise.race([probes, timeout])
      return primary.reachable && primary.writable ? undefined : hurry
    },
  })
  return { ...loop, replicasProbed: firstProbes.promise }
}
