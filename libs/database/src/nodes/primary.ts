import { createFollowingPool } from '../connections/following-pool.ts'
import type { PoolOptions } from '../connections/pool.ts'
import { databaseErrors } from '../errors/database-errors.ts'
import { createPrimaryPosition } from '../positions/primary-position.ts'
import { createHostProbe, type HostProbe } from './host-probe.ts'
import { hostOf, hostUrls } from './host-urls.ts'
import { createNode, type DatabaseNode } from './node.ts'
import type { ServerStatus } from './server-status.ts'

export interface PrimaryNode extends DatabaseNode {
  /** Whether the server took writes when it last answered. */
  writable: boolean
  /** The timeline of the server that takes writes; null until one was found. */
  timeline: number | null
  /** Probes every host and follows the one that takes writes. Resolves when each has answered or failed. */
  probeHosts: () => Promise<void>
  /** Resolves to a position at or after all that was committed before the call, in bytes of WAL. Rejects after 500 ms. */
  readPosition: () => Promise<number>
}

export interface PrimaryMove {
  /** `host:port`. */
  from: string
  to: string
  timeline: number
}

export interface PrimaryOptions extends PoolOptions {
  /** The server that connections lead to has answered a probe. */
  onProbed: (status: ServerStatus) => void
  /** The server that connections lead to has not answered a probe. */
  onProbeFailed: (error: unknown) => void
  onMoved: (move: PrimaryMove) => void
}

/**
 * Finds and follows the server that takes writes, among the hosts that the URL names. The highest timeline wins, because it is that of
 * the last promotion. With several hosts a lower timeline is never followed again, so an old primary that returns gets no writes. A
 * single host is followed to whatever server it leads to.
 */
export function createPrimary(options: PrimaryOptions): PrimaryNode {
  const urls = hostUrls(options.url)
  const hasOneHost = urls.length === 1
  const hosts = urls.map((url) => createHostProbe({ ...options, url, expectsWrites: hasOneHost })) as [
    HostProbe,
    ...HostProbe[],
  ]
  let [target] = hosts
  const pool = createFollowingPool({ ...options, url: target.url })
  const position = createPrimaryPosition({ ...options, url: target.url })
  /** Whether a probe of the target has failed since the last success. */
  let wasLost = false

  /** Probes all hosts first while none that takes writes is known, because the first of them may be an old primary. */
  async function connect() {
    if (node.timeline === null && !hasOneHost) {
      await probeHosts()
      if (node.timeline === null) {
        throw databaseErrors.database_unavailable('No server takes writes.', { retryAfterSeconds: 2 })
      }
    }
    return pool.connect()
  }

  const node: PrimaryNode = Object.assign(createNode('primary', { ...pool, connect }, [...hosts, position]), {
    lagMilliseconds: 0,
    caughtUpAt: Infinity,
    writable: true,
    timeline: null,
    probeHosts,
    readPosition: position.read,
    async probe() {
      if (node.timeline === null) await probeHosts()
      return target.probe()
    },
  })

  async function probeHosts(): Promise<void> {
    const results = await Promise.all(
      hosts.map(async (host) => {
        try {
          const status = await host.probe()
          // Decided at once, because another host may not answer for seconds.
          if (node.timeline !== null || hasOneHost) consider(host, status)
          return { host, status }
        } catch (error) {
          if (host === target) {
            wasLost = true
            options.onProbeFailed(error)
          }
          return null
        }
      }),
    )
    if (node.timeline !== null || hasOneHost) return
    const [newest] = results
      .filter((result) => result?.status.timeline != null)
      .toSorted((a, b) => Number(b?.status.timeline) - Number(a?.status.timeline))
    if (newest) follow(newest.host, newest.status)
  }

  function consider(host: HostProbe, status: ServerStatus): void {
    const { timeline } = status
    const known = node.timeline ?? 0
    const isTarget = host === target
    const isNewer = timeline !== null && (timeline > known || (hasOneHost && timeline !== known))
    if (isNewer || (timeline === known && (isTarget || !node.writable || !node.reachable))) {
      follow(host, status)
    } else if (isTarget) {
      node.writable = false
      options.onProbed(status)
    }
  }

  function follow(host: HostProbe, status: ServerStatus): void {
    const timeline = status.timeline as number
    const from = target
    const wasKnown = node.timeline !== null
    const isNew = host !== from || (wasKnown && timeline !== node.timeline)
    // Connections made while the target was in recovery may lead to a server that still is.
    if (isNew || !node.writable) {
      pool.moveTo(host.url)
      position.moveTo(host.url)
    }
    // Connections made before the first success may lead to any server; after a slow start they are all right.
    else if (wasLost && !wasKnown) pool.renew()
    wasLost = false
    target = host
    Object.assign(node, { timeline, writable: true })
    if (isNew && wasKnown) options.onMoved({ from: hostOf(from.url), to: hostOf(host.url), timeline })
    options.onProbed(status)
  }

  return node
}
