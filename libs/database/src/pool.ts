import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { type Connection, type ConnectionListeners, connectionClass, types } from './connection.ts'
import { InFlight } from './in-flight.ts'
import { asUnavailable, isPoolFull } from './unavailable.ts'

export interface PoolOptions extends ConnectionListeners {
  /** Of one host. */
  url: string
  applicationName: string
  /** Connections kept open. */
  min: number
  max: number
  idleMilliseconds: number
  connectMilliseconds: number
  statementMilliseconds: number
  idleInTransactionMilliseconds: number
  /** How much longer than the server, which stops a statement first, a server is waited for that no longer can. */
  graceMilliseconds?: number
  /** When a connection is replaced by a new one; left out: never. */
  lifetimeSeconds?: number
  /** A connection broke while nobody used it. */
  onError: (error: Error) => void
}

export interface Pool extends PostgresPool {
  connect: () => Promise<PostgresPoolClient & { release: (discard?: boolean) => void }>
  /** Connections by state, now. */
  size: () => { total: number; idle: number; waiting: number }
  /** As `end`: who holds a connection keeps it until done, and who waits for one gets an error at once. */
  retire: () => Promise<void>
  /** As `retire`, and who holds a connection gets an error too. */
  cut: () => Promise<void>
}

/** How long a connection may be silent before the peer is probed, and lost after ten unanswered seconds. */
const keepAliveMilliseconds = 10_000

/** A bounded pool whose lost connections are `database_unavailable`. A connection that failed so is not used again. */
export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    min: options.min,
    max: options.max,
    idleTimeoutMillis: options.idleMilliseconds,
    connectionTimeoutMillis: options.connectMilliseconds,
    statement_timeout: options.statementMilliseconds,
    idle_in_transaction_session_timeout: options.idleInTransactionMilliseconds,
    maxLifetimeSeconds: options.lifetimeSeconds ?? 0,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMilliseconds,
    options: '-c timezone=UTC',
    types: types,
    Client: connectionClass({
      ...options,
      queryMilliseconds: options.statementMilliseconds + (options.graceMilliseconds ?? 2000),
    }),
  })
  const connections = new Set<Connection>()
  /** How to turn away those who wait for a connection. */
  const waiting = new InFlight<(error: Error) => void>()
  pool.on('error', (error) => {
    options.onError(error)
    options.onUnavailable(error)
  })
  pool.on('connect', (client) => {
    connections.add(client as unknown as Connection)
    // A connection that breaks while in use tells its query, and emits an error besides that would end the process.
    client.on('error', () => {})
  })
  pool.on('remove', (client) => connections.delete(client as unknown as Connection))

  function lend(client: pg.PoolClient): pg.PoolClient {
    const release = client.release.bind(client)
    const connection = client as unknown as Connection
    client.release = (discard) => release(Boolean(discard) || connection.broken)
    return client
  }

  function retire(): Promise<void> {
    for (const reject of waiting.takeAll())
      reject(asUnavailable(new Error('Connection terminated: the pool was left')))
    return pool.end()
  }

  return {
    connect: () =>
      new Promise((resolve, reject) => {
        waiting.add(reject)
        pool.connect().then(
          (client) => {
            if (waiting.delete(reject)) resolve(lend(client))
            else client.release(true)
          },
          (error: Error) => {
            waiting.delete(reject)
            const failure = asUnavailable(error)
            if (failure !== error && !isPoolFull(failure)) options.onUnavailable(error)
            reject(failure)
          },
        )
      }),
    end: () => pool.end(),
    options: {},
    size: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    retire,
    async cut() {
      const retired = retire()
      for (const connection of connections) connection.sever()
      await retired
    },
  }
}
