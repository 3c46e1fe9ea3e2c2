import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { asUnavailable, isPoolFull } from '../errors/database-errors.ts'
import { type ConnectionListeners, connectionClass, type PgConnection } from './connection.ts'
import { InFlight } from './in-flight.ts'
import { typeParsers } from './type-parsers.ts'

export interface PoolOptions extends ConnectionListeners {
  /** A postgres:// URL with one host. */
  url: string
  applicationName: string
  /** Connections kept open. */
  min: number
  max: number
  idleMilliseconds: number
  connectMilliseconds: number
  statementMilliseconds: number
  idleInTransactionMilliseconds: number
  /** How often a server looks, while it executes a statement, whether its client is still there; left out: never. */
  clientCheckMilliseconds?: number
  /** How long after `statementMilliseconds`, when the server itself would have cancelled a statement, it is given up here. */
  graceMilliseconds?: number
  /** When a connection is replaced by a new one; left out: never. */
  lifetimeSeconds?: number
  /** Called when a connection broke while nobody used it. */
  onError: (error: Error) => void
}

export interface Pool extends PostgresPool {
  connect: () => Promise<PostgresPoolClient & { release: (discard?: boolean) => void }>
  /** Connections by state, and how many callers wait for one. */
  size: () => { total: number; idle: number; waiting: number }
  /** Ends the pool: borrowed connections are closed when they are released, and waiting callers get an error at once. */
  retire: () => Promise<void>
  /** Ends the pool and terminates borrowed connections too, so that their statements fail. */
  cut: () => Promise<void>
}

/** How long a connection may be idle before TCP probes its peer. */
const keepAliveMilliseconds = 10_000

function sessionOptions({ clientCheckMilliseconds }: PoolOptions): string {
  const clientCheck =
    clientCheckMilliseconds === undefined
      ? ''
      : ` -c client_connection_check_interval=${clientCheckMilliseconds}`
  return `-c timezone=UTC${clientCheck}`
}

/**
 * A bounded pool of connections to one server. A connection that cannot be made or is lost fails with `database_unavailable`, and is
 * never used again. Connects lazily.
 */
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
    options: sessionOptions(options),
    types: typeParsers,
    Client: connectionClass({
      ...options,
      queryMilliseconds: options.statementMilliseconds + (options.graceMilliseconds ?? 2000),
    }),
  })
  const connections = new Set<PgConnection>()
  /** How to reject each caller that waits for a connection. */
  const waiting = new InFlight<(error: Error) => void>()
  pool.on('error', (error) => {
    options.onError(error)
    options.onUnavailable(error)
  })
  pool.on('connect', (client) => {
    connections.add(client as unknown as PgConnection)
    // When a borrowed connection breaks, its query rejects; the error event would end the process if nobody listened.
    client.on('error', () => {})
  })
  pool.on('remove', (client) => connections.delete(client as unknown as PgConnection))

  function discardWhenBroken(client: pg.PoolClient): pg.PoolClient {
    const release = client.release.bind(client)
    const connection = client as unknown as PgConnection
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
            if (waiting.delete(reject)) resolve(discardWhenBroken(client))
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
      for (const connection of connections) connection.terminate()
      await retired
    },
  }
}
