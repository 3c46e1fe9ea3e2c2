import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { createCatchUp } from './catch-up.ts'
import { createPositionHistory } from './lag.ts'
import { createReplica, type DatabaseNode, type ReplicaNode } from './node.ts'
import type { PoolOptions } from './pool.ts'
import { type Position, positionOf, unknownPosition } from './position.ts'
import { createPrimary, type PrimaryNode } from './primary.ts'
import type { Schema } from './schema/schema.ts'
import type { StatementListener } from './statement.ts'
import { databaseErrors, isPoolFull, isUnavailable } from './unavailable.ts'
import { createWatch } from './watch.ts'

export type ReplicaPurpose = 'catalogue' | 'analytics' | 'reports'

export interface DatabaseOptions extends Omit<PoolOptions, 'onError' | 'onStatement' | 'onUnavailable'> {
  /** Where writes go. May name several hosts, of which the one that takes writes is found and followed. */
  url: string
  replicas: { purpose: ReplicaPurpose; url: string }[]
  /** A replica further behind leaves the rotation. */
  maximumLagMilliseconds: number
  /** How often lag and health are looked at. */
  watchMilliseconds?: number
  onStatement?: StatementListener
  log: { warn: (context: object, message: string) => void; info: (context: object, message: string) => void }
}

/** What a read needs: the newest state (`primary`), or a server for a purpose, which may be a little behind. */
export type ReadNeed = 'primary' | ReplicaPurpose

export interface ReadOptions {
  /**
   * A replica answers only if it has replayed this position, for which it is given a moment; otherwise the primary does. What
   * lies beyond the primary's own position, being of a lost timeline or made up, stands for its present one.
   */
  after?: Position | undefined
}

export interface Database {
  /**
   * For writes. Follows a standby that was promoted. Nothing is ever sent twice, so what was under way when a server was
   * lost may or may not be committed.
   * @throws AppError `database_unavailable` (503) when no server takes writes
   */
  primary: Kysely<Schema>
  /**
   * Runs a query where it fits best, and on the next best server if the first one is lost; so `query` must only read.
   * `primary` is answered by the least lagging replica only while the primary is away, and then too by none that has not
   * replayed `after`.
   * @throws AppError `database_unavailable` (503) when no server is left
   */
  read: <T>(need: ReadNeed, query: (db: Kysely<Schema>) => Promise<T>, options?: ReadOptions) => Promise<T>
  /** As `read`; what a replica does not have (undefined) is looked for on the primary too, before it is said not to exist. */
  find: <T>(
    need: ReadNeed,
    query: (db: Kysely<Schema>) => Promise<T | undefined>,
    options?: ReadOptions,
  ) => Promise<T | undefined>
  /**
   * A position at or after everything that this process has committed so far, to be given to whom it was done for. Asks the
   * primary, once for all who call at about the same time. Never rejects: what is committed is committed.
   */
  position: () => Promise<Position>
  nodes: readonly [PrimaryNode, ...ReplicaNode[]]
  close: () => Promise<void>
}

function notCaughtUp(): Error {
  const detail = 'No server is known to have replayed what was written before.'
  return databaseErrors.database_unavailable(detail, { retryAfterSeconds: 2 })
}

interface Replica extends ReplicaNode {
  purpose: ReplicaPurpose
}

/** Opens pools to the primary and its replicas and watches them until closed. Connects lazily: a start needs no server. */
export function createDatabase(options: DatabaseOptions): Database {
  const { replicas: replicaOptions, maximumLagMilliseconds, watchMilliseconds = 1000, log } = options
  const history = createPositionHistory()
  let turn = 0
  let closed = false

  function nodeOptions(name: string, url: string, find: () => DatabaseNode): PoolOptions {
    return {
      ...options,
      url,
      onStatement(statement) {
        // Sooner than the watcher notices.
        if (!statement.failed) mark(find(), true)
        options.onStatement?.(statement)
      },
      onError: (error) => log.warn({ err: error, node: name }, 'an idle database connection broke'),
      onUnavailable: () => watch.wake(),
    }
  }
  const primary: PrimaryNode = createPrimary({
    ...nodeOptions('primary', options.url, () => primary),
    onSeen({ position, timeline }) {
      if (timeline !== null) history.record(position, Date.now(), timeline)
      mark(primary, true)
    },
    onLost: (error) => mark(primary, false, error),
    onMoved: (move) => log.warn({ ...move }, 'database primary moved'),
  })
  const replicas = replicaOptions.map(({ purpose, url }, index) => {
    const name = `replica-${purpose}-${index + 1}`
    const replica: Replica = Object.assign(
      createReplica(name, {
        ...nodeOptions(name, url, () => replica),
        isCurrent: (timeline) => timeline >= (primary.timeline ?? 0),
      }),
      { purpose },
    )
    return replica
  })
  const nodes = [primary, ...replicas] as const

  function isFit(replica: Replica): boolean {
    const { reachable, lagMilliseconds } = replica
    return reachable && lagMilliseconds !== null && lagMilliseconds <= maximumLagMilliseconds
  }

  /** Servers for a need, best first. Unfit ones stay at the end: a late answer is better than none, a wrong one is not. */
  function candidates(need: ReadNeed): DatabaseNode[] {
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
    const choice = dedicated.length > 0 ? dedicated : fit
    turn = (turn + 1) % Math.max(choice.length, 1)
    return [
      ...choice.slice(turn),
      ...choice.slice(0, turn),
      primary,
      ...byLag.filter((replica) => !choice.includes(replica)),
    ]
  }

  async function answer<T>(
    need: ReadNeed,
    query: (db: Kysely<Schema>) => Promise<T>,
    { after = '' }: ReadOptions = {},
  ): Promise<{ value: T; node: DatabaseNode }> {
    const catchUp = after === '' ? null : createCatchUp(primary, after)
    let failure: unknown
    for (const node of candidates(need)) {
      try {
        if (catchUp === null || (node === primary && primary.writable)) {
          return { value: await query(node.db), node }
        }
        // A primary that was demoted is a replica of which nothing is known.
        const found = node === primary ? null : await catchUp.read(node as Replica, query)
        if (found) return { ...found, node }
      } catch (error) {
        if (!isUnavailable(error)) throw error
        if (!isPoolFull(error)) mark(node, false, error)
        failure = error
      }
    }
    throw failure instanceof Error ? failure : notCaughtUp()
  }

  function mark(node: DatabaseNode, reachable: boolean, error?: unknown): void {
    if (node.reachable === reachable || closed) return
    node.reachable = reachable
    if (reachable) log.info({ node: node.name }, 'database node is back')
    else log.warn({ err: error, node: node.name }, 'database node is lost')
  }

  async function look(replica: Replica): Promise<void> {
    try {
      const { position, timeline, silence } = await replica.look()
      const leftBehind = timeline !== null && timeline < (primary.timeline ?? 0)
      if (leftBehind && !replica.leftBehind) {
        log.warn({ node: replica.name, timeline }, 'database node was left behind by a promotion')
      }
      replica.leftBehind = leftBehind
      // A replica that takes writes is the primary by another name.
      replica.lagMilliseconds =
        timeline === null || leftBehind ? history.lag(position, Date.now(), silence) : 0
      mark(replica, true)
    } catch (error) {
      mark(replica, false, error)
    }
  }

  const watch = createWatch(async () => {
    const enough = sleep(watchMilliseconds, undefined, { ref: false })
    // The primary first: what it has written by now is what the replicas are measured against.
    await Promise.race([primary.lookAround(), enough])
    await Promise.race([Promise.all(replicas.map(look)), enough])
    return primary.reachable && primary.writable
  }, watchMilliseconds)

  return {
    primary: primary.db,
    read: async (...read) => (await answer(...read)).value,
    async find(need, query, options) {
      const { value, node } = await answer(need, query, options)
      if (value !== undefined || node === primary) return value
      return (await answer('primary', query, options)).value
    },
    position: () => primary.readPosition().then(positionOf, () => unknownPosition),
    nodes,
    async close() {
      closed = true
      await Promise.all([watch.close(), ...nodes.map((node) => node.close())])
    },
  }
}
