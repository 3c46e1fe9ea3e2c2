import type { Kysely } from 'kysely'
import { createPositionHistory } from './lag.ts'
import { createNode, type DatabaseNode } from './node.ts'
import type { PoolOptions } from './pool.ts'
import type { Schema } from './schema/schema.ts'
import type { StatementListener } from './statement.ts'
import { isPoolFull, isUnavailable } from './unavailable.ts'

export type ReplicaPurpose = 'catalogue' | 'analytics' | 'reports'

export interface DatabaseOptions extends Omit<PoolOptions, 'onError' | 'onStatement'> {
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

export interface Database {
  /** For writes. @throws AppError `database_unavailable` (503) when it cannot be reached */
  primary: Kysely<Schema>
  /**
   * Runs a query where it fits best, and on the next best server if the first one is lost; so `query` must only read.
   * `primary` is answered by the least lagging replica only while the primary is away.
   * @throws AppError `database_unavailable` (503) when no server is left
   */
  read: <T>(need: ReadNeed, query: (db: Kysely<Schema>) => Promise<T>) => Promise<T>
  nodes: readonly DatabaseNode[]
  close: () => Promise<void>
}

interface Replica extends DatabaseNode {
  purpose: ReplicaPurpose
}

/** Opens pools to the primary and its replicas and watches them until closed. Connects lazily: a start needs no server. */
export function createDatabase(options: DatabaseOptions): Database {
  const { replicas: replicaOptions, maximumLagMilliseconds, watchMilliseconds = 1000, log } = options
  function open(name: string, url: string): DatabaseNode {
    const node = createNode(name, {
      ...options,
      url,
      onStatement(statement) {
        // Sooner than the watcher notices.
        if (!statement.failed) mark(node, true)
        options.onStatement?.(statement)
      },
      onError: (error) => log.warn({ err: error, node: name }, 'an idle database connection broke'),
    })
    return node
  }
  const primary = open('primary', options.url)
  const replicas = replicaOptions.map(
    ({ purpose, url }, index): Replica =>
      Object.assign(open(`replica-${purpose}-${index + 1}`, url), { purpose }),
  )
  const nodes: DatabaseNode[] = [primary, ...replicas]
  const history = createPositionHistory()
  let turn = 0

  function isFit(replica: Replica): boolean {
    return replica.reachable && (replica.lagMilliseconds ?? 0) <= maximumLagMilliseconds
  }

  /** Servers for a need, best first. Unfit ones stay at the end: a late answer is better than none. */
  function candidates(need: ReadNeed): DatabaseNode[] {
    const byLag = replicas.toSorted(
      (a, b) =>
        Number(b.reachable) - Number(a.reachable) || (a.lagMilliseconds ?? 0) - (b.lagMilliseconds ?? 0),
    )
    if (need === 'primary') return primary.reachable ? [primary, ...byLag] : [...byLag, primary]
    const fit = replicas.filter(isFit)
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

  async function read<T>(need: ReadNeed, query: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    let failure: unknown
    for (const node of candidates(need)) {
      try {
        return await query(node.db)
      } catch (error) {
        if (!isUnavailable(error)) throw error
        if (!isPoolFull(error)) mark(node, false, error)
        failure = error
      }
    }
    throw failure
  }

  function mark(node: DatabaseNode, reachable: boolean, error?: unknown): void {
    if (node.reachable === reachable) return
    node.reachable = reachable
    if (reachable) log.info({ node: node.name }, 'database node is back')
    else log.warn({ err: error, node: node.name }, 'database node is lost')
  }

  async function look(node: DatabaseNode): Promise<void> {
    try {
      const { position } = await node.findPosition()
      const at = Date.now()
      if (node === primary) history.record(position, at)
      node.lagMilliseconds = node === primary ? 0 : history.lag(position, at)
      mark(node, true)
    } catch (error) {
      mark(node, false, error)
    }
  }

  let closed = false
  let timer: NodeJS.Timeout | undefined
  async function watch(): Promise<void> {
    // The primary first: what it has written by now is what the replicas are measured against.
    await look(primary)
    await Promise.all(replicas.map(look))
    if (!closed) timer = setTimeout(() => void watch(), watchMilliseconds).unref()
  }
  const watching = watch()

  return {
    primary: primary.db,
    read,
    nodes,
    async close() {
      closed = true
      clearTimeout(timer)
      await watching
      await Promise.all(nodes.map((node) => node.close()))
    },
  }
}
