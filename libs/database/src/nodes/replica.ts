import { createPool, type PoolOptions } from '../connections/pool.ts'
import { createHostProbe } from './host-probe.ts'
import { createNode, type DatabaseNode } from './node.ts'
import { createReadAfter, type ReadAfter } from './read-after.ts'
import { createReplayWaiter } from './replay-waiter.ts'

export type ReplicaPurpose = 'catalogue' | 'analytics' | 'reports'

export interface ReplicaNode extends DatabaseNode {
  purpose: ReplicaPurpose
  /**
   * Whether it is an old primary that runs on although another server was promoted, so that its data is no longer true.
   * A replica that was itself promoted is not left behind, but is the primary under another name.
   */
  leftBehind: boolean
  /** Whether it was promoted, or never was a standby; null before the first probe. */
  takesWrites: boolean | null
  /** Whether it lags little enough to be read; false before the first probe. */
  inRotation: boolean
  /** Runs a query if the replica has replayed a position; resolves to null if it has not. */
  readAfter: ReadAfter
  /** Resolves to whether the replica replays a position (in bytes of WAL) before the time-out. */
  waitForReplay: (position: number, timeoutMilliseconds: number) => Promise<boolean>
}

export interface ReplicaOptions extends PoolOptions {
  purpose: ReplicaPurpose
  /** Whether a server that takes writes on that timeline is the primary. */
  isPrimaryTimeline: (timeline: number) => boolean
}

/** Makes the node of a server that is read for a purpose. */
export function createReplica(name: string, options: ReplicaOptions): ReplicaNode {
  const { purpose, isPrimaryTimeline } = options
  const host = createHostProbe({ ...options, expectsWrites: false })
  const pool = createPool(options)
  return Object.assign(createNode(name, pool, [host]), {
    purpose,
    leftBehind: false,
    takesWrites: null,
    inRotation: false,
    probe: host.probe,
    readAfter: createReadAfter(pool, isPrimaryTimeline),
    waitForReplay: createReplayWaiter(host.probe),
  })
}
