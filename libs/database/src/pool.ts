import { performance } from 'node:perf_hooks'
import type { PostgresPool } from 'kysely'
import pg from 'pg'
import { kindOfStatement, type StatementListener } from './statement.ts'
import { asUnavailable } from './unavailable.ts'

export interface PoolOptions {
  url: string
  applicationName: string
  /** Connections kept open. */
  min: number
  max: number
  idleMilliseconds: number
  connectMilliseconds: number
  statementMilliseconds: number
  idleInTransactionMilliseconds: number
  onStatement: StatementListener
  /** A connection broke while nobody used it. */
  onError: (error: Error) => void
}

const timestamptz = 1184
const date = 1082
const int8 = 20
const numeric = 1700

/** `2026-11-22 18:45:35.123+00` as ISO 8601, to the microsecond and without a Date: the way to_jsonb writes it too. */
function isoTimestamp(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11)}:00`
}

const parsers = new Map<number, (text: string) => unknown>([
  [timestamptz, isoTimestamp],
  [date, (text) => text],
  [int8, Number],
  [numeric, Number],
])

type GetTypeParser = (oid: number, format?: 'text' | 'binary') => (text: string) => unknown
const builtIn = pg.types.getTypeParser as GetTypeParser

const types: { getTypeParser: GetTypeParser } = {
  getTypeParser: (oid, format) => parsers.get(oid) ?? builtIn(oid, format),
}

/** Names of prepared statements by text. Texts are few; those beyond the bound are sent unprepared. */
const maximumNames = 1000
const names = new Map<string, string>()

function nameOf(text: string): string | undefined {
  let name = names.get(text)
  if (name === undefined && names.size < maximumNames) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return name
}

/**
 * Statements with parameters are prepared once per connection; all are timed. On a query time-out the connection is
 * dropped, because the server may still be at it.
 */
function connectionClass(onStatement: StatementListener) {
  return class extends pg.Client {
    // oxlint-disable-next-line typescript/no-explicit-any -- pg's overloads are many; only the form that Kysely uses is changed.
    override query(...args: unknown[]): any {
      const [text, values = []] = args as [text: unknown, values?: unknown[]]
      if (typeof text !== 'string' || args.length > 2) return super.query(...(args as [string]))
      const started = performance.now()
      const done = (failed: boolean) => {
        const { queryType, table } = kindOfStatement(text)
        onStatement({ text, queryType, table, seconds: (performance.now() - started) / 1000, failed })
      }
      const name = values.length > 0 ? nameOf(text) : undefined
      return super.query(name === undefined ? { text, values } : { name, text, values }).then(
        (result) => {
          done(false)
          return result
        },
        (error: Error) => {
          done(true)
          if (error.message === 'Query read timeout') this.end().catch(() => {})
          throw asUnavailable(error)
        },
      )
    }
  }
}

export interface Pool extends PostgresPool {
  /** Connections by state, now. */
  size: () => { total: number; idle: number; waiting: number }
}

/** A bounded pool whose lost connections are `database_unavailable`. */
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
    // The server is asked to stop first; this one only answers for a server that no longer can.
    query_timeout: options.statementMilliseconds + 2000,
    keepAlive: true,
    options: '-c timezone=UTC',
    types: types,
    Client: connectionClass(options.onStatement),
  })
  pool.on('error', options.onError)
  // A connection that breaks while in use tells its query, and emits an error besides that would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    connect: () =>
      pool.connect().catch((error: unknown) => {
        throw asUnavailable(error)
      }),
    end: () => pool.end(),
    options: {},
    size: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  }
}
