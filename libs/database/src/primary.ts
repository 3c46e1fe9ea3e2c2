import { createFollowingPool } from './following-pool.ts'
import { hostOf, hostUrls } from './hosts.ts'
import { createLookout, type Lookout, type Sighting } from './lookout.ts'
import { createNode, type DatabaseNode } from './node.ts'
import type { PoolOptions } from './pool.ts'
import { createPositions } from './positions.ts'
import { databaseErrors } from './unavailable.ts'

export interface PrimaryNode extends DatabaseNode {
  /** Whether the server took writes when it last answered. */
  writable: boolean
  /** Of the server that takes writes; null until one was seen. */
  timeline: number | null
  /** Looks at every host and follows the one that takes writes. Resolves when each has answered or failed. */
  lookAround: () => Promise<void>
  /** A position at or after all that was committed before the call, in bytes. Rejects when it cannot be read soon. */
  readPosition: () => Promise<number>
}

export interface PrimaryMove {
  /** `host:port`. */
  from: string
  to: string
  timeline: number
}

export interface PrimaryOptions extends PoolOptions {
  /** The server that connections lead to has answered. */
  onSeen: (sighting: Sighting) => void
  /** It has not. */
  onLost: (error: unknown) => void
  onMoved: (move: PrimaryMove) => void
}

/**
 * The server that takes writes, of the hosts that the URL names. The highest timeline wins, because it is of the last
 * promotion, and with several hosts there is no way back to a lower one: an old primary that returns gets no writes. A
 * single host is believed, whatever it leads to.
 */
export function createPrimary(options: PrimaryOptions): PrimaryNode {
  const urls = hostUrls(options.url)
  const lookouts = urls.map((url) =>
    createLookout({ ...options, url, expectsWrites: urls.length === 1 }),
  ) as [Lookout, ...Lookout[]]
  let [target] = lookouts
  const pool = createFollowingPool({ ...options, url: target.url })
  const positions = createPositions({ ...options, url: target.url })
  /** Whether a look has failed since the last success. */
  let wasLost = false

  /** Until a server that takes writes was seen, the first host is a guess, and may be an old primary. */
  async function connect() {
    if (node.timeline === null && urls.length > 1) {
      await lookAround()
      if (node.timeline === null) {
        throw databaseErrors.database_unavailable('No server takes writes.', { retryAfterSeconds: 2 })
      }
    }
    return pool.connect()
  }

  const node: PrimaryNode = Object.assign(
    createNode('primary', { ...pool, connect }, [...lookouts, positions]),
    {
      lagMilliseconds: 0,
      writable: true,
      timeline: null,
      lookAround,
      readPosition: positions.read,
      async look() {
        if (node.timeline === null) await lookAround()
        return target.look()
      },
    },
  )

  async function lookAround(): Promise<void> {
    const seen = await Promise.all(
      lookouts.map(async (lookout) => {
        try {
          const sighting = await lookout.look()
          // At once, because another host may leave us without an answer for seconds.
          if (node.timeline !== null || urls.length === 1) consider(lookout, sighting)
          return { lookout, sighting }
        } catch (error) {
          if (lookout === target) {
            wasLost = true
            options.onLost(error)
          }
          return null
        }
      }),
    )
    if (node.timeline !== null || urls.length === 1) return
    const [best] = seen
      .filter((found) => found?.sighting.timeline != null)
      .toSorted((a, b) => Number(b?.sighting.timeline) - Number(a?.sighting.timeline))
    if (best) follow(best.lookout, best.sighting)
  }

  function consider(lookout: Lookout, sighting: Sighting): void {
    const { timeline } = sighting
    const known = node.timeline ?? 0
    const here = lookout === target
    const isNewest = timeline !== null && (timeline > known || (urls.length === 1 && timeline !== known))
    if (isNewest || (timeline === known && (here || !node.writable || !node.reachable))) {
      follow(lookout, sighting)
    } else if (here) {
      node.writable = false
      options.onSeen(sighting)
    }
  }

  function follow(lookout: Lookout, sighting: Sighting): void {
    const timeline = sighting.timeline as number
    const from = target
    const wasKnown = node.timeline !== null
    const isNew = lookout !== from || (wasKnown && timeline !== node.timeline)
    // After a time in recovery some connections may lead to a server that still is.
    if (isNew || !node.writable) {
      pool.moveTo(lookout.url)
      positions.moveTo(lookout.url)
    }
    // To whom those lead that were made before the first success, nobody knows; on a slow start they are all right.
    else if (wasLost && !wasKnown) pool.renew()
    wasLost = false
    target = lookout
    Object.assign(node, { timeline, writable: true })
    if (isNew && wasKnown) options.onMoved({ from: hostOf(from.url), to: hostOf(lookout.url), timeline })
    options.onSeen(sighting)
  }

  return node
}
