import type { PoolOptions } from '../connections/pool.ts'
import type { StatementListener } from '../connections/statement.ts'
import { createPositionHistory } from '../positions/position-history.ts'
import { monitorNodes } from './monitor-nodes.ts'
import type { DatabaseNode } from './node.ts'
import { createPrimary, type PrimaryNode } from './primary.ts'
import { createReplica, type ReplicaNode, type ReplicaPurpose } from './replica.ts'

export interface NodesOptions extends Omit<PoolOptions, 'onError' | 'onStatement' | 'onUnavailable'> {
  /** Where writes go. It may name several hosts, of which the one that takes writes is found and followed. */
  url: string
  /** `statementMilliseconds`: the longest time for a statement there, where it is not that of the other servers. */
  replicas: { purpose: ReplicaPurpose; url: string; statementMilliseconds?: number }[]
  /** A replica that lags more leaves the rotation, and comes back when it lags by at most half of that. */
  maximumLagMilliseconds: number
  /** How often lag and health are probed; 1000 when left out. */
  probeMilliseconds?: number
  onStatement?: StatementListener
  log: { warn: (context: object, message: string) => void; info: (context: object, message: string) => void }
}

/** What is long enough to be worth ending ends so soon after the process that asked for it, however that ended. */
const clientCheckMilliseconds = 1000

export interface DatabaseNodes {
  primary: PrimaryNode
  replicas: readonly ReplicaNode[]
  /** Records that a node answered or failed, and logs when that is news. */
  setReachable: (node: DatabaseNode, reachable: boolean, error?: unknown) => void
  /** Resolves when each replica has been probed once, whether or not it answered. */
  replicasProbed: Promise<void>
  close: () => Promise<void>
}

/** Opens pools to the primary and its replicas, and monitors them until closed. */
export function openNodes(options: NodesOptions): DatabaseNodes {
  const { maximumLagMilliseconds, probeMilliseconds = 1000, log } = options
  const history = createPositionHistory()
  let closed = false

  function setReachable(node: DatabaseNode, reachable: boolean, error?: unknown): void {
    if (node.reachable === reachable || closed) return
    node.reachable = reachable
    if (reachable) log.info({ node: node.name }, 'database node is back')
    else log.warn({ err: error, node: node.name }, 'database node is lost')
  }

  function poolOptions(name: string, url: string, find: () => DatabaseNode): PoolOptions {
    return {
      ...options,
      url,
      onStatement(statement) {
        // A statement that succeeds shows that the node is back before the next probe does.
        if (!statement.failed) setReachable(find(), true)
        options.onStatement?.(statement)
      },
      onError: (error) => log.warn({ err: error, node: name }, 'an idle database connection broke'),
      onUnavailable: () => monitor.wake(),
    }
  }

  const primary: PrimaryNode = createPrimary({
    ...poolOptions('primary', options.url, () => primary),
    onProbed({ position, timeline, clock }) {
      if (timeline !== null) history.record(position, Date.now(), timeline, clock)
      setReachable(primary, true)
    },
    onProbeFailed: (error) => setReachable(primary, false, error),
    onMoved: (move) => log.warn({ ...move }, 'database primary moved'),
  })
  const replicas = options.replicas.map(({ purpose, url, statementMilliseconds }, index) => {
    const name = `replica-${purpose}-${index + 1}`
    const replica: ReplicaNode = createReplica(name, {
      ...poolOptions(name, url, () => replica),
      ...(statementMilliseconds === undefined ? {} : { statementMilliseconds }),
      ...(purpose === 'catalogue' ? {} : { clientCheckMilliseconds }),
      purpose,
      isPrimaryTimeline: (timeline) => timeline >= (primary.timeline ?? 0),
    })
    return replica
  })
  const monitor = monitorNodes({
    primary,
    replicas,
    history,
    setReachable,
    maximumLagMilliseconds,
    probeMilliseconds,
    log,
  })

  return {
    primary,
    replicas,
    setReachable,
    replicasProbed: monitor.replicasProbed,
    async close() {
      closed = true
      await Promise.all([monitor.stop(), ...[primary, ...replicas].map((node) => node.close())])
    },
  }
}
