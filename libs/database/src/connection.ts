import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { InFlight } from './in-flight.ts'
import { kindOfStatement, type StatementListener } from './statement.ts'
import { asUnavailable, databaseErrors } from './unavailable.ts'

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

export const types: { getTypeParser: GetTypeParser } = {
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

export interface ConnectionListeners {
  onStatement: StatementListener
  /** A server could not be reached, went away, or does not do what it is there for. */
  onUnavailable: (error: unknown) => void
}

export interface ConnectionOptions extends ConnectionListeners {
  /** After this long without an answer a statement fails, and its connection with it. */
  queryMilliseconds: number
}

export type Connection = InstanceType<ReturnType<typeof connectionClass>>

/** Statements with parameters are prepared once per connection; all are timed. */
export function connectionClass({ onStatement, onUnavailable, queryMilliseconds }: ConnectionOptions) {
  return class extends pg.Client {
    /** Whether it must not be used again: it is broken, or leads to a server that is on its way out or demoted. */
    broken = false
    #unreplicated = false
    /** How to fail the statements that were sent and have no answer. */
    readonly #underWay = new InFlight<(error: Error) => void>()
    /**
     * pg's own promises and its own timer for each statement keep results alive until the next full collection: with them the young
     * generation never freed a row.
     */
    readonly #clock = setTimeout(() => {
      for (const fail of this.#underWay.takeAll()) fail(new Error('Query read timeout'))
    }, queryMilliseconds).unref()

    constructor(config?: string | pg.ClientConfig) {
      super(config)
      // Somebody cancelled a commit that waited for a standby: Postgres reports success with a warning, and this function.
      this.on('notice', ({ routine }) => {
        if (routine === 'SyncRepWaitForLSN') this.#unreplicated = true
      })
    }

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
      const config = name === undefined ? { text, values } : { name, text, values }
      return new Promise((resolve, reject) => {
        const fail = (error: Error) => reject(this.#failed(error, done))
        this.#underWay.add(fail)
        this.#clock.refresh()
        super.query(config, (error: Error | null | undefined, result: pg.QueryResult) => {
          // It was waited for too long, and has failed.
          if (!this.#underWay.delete(fail)) return
          if (error) return fail(error)
          done(this.#unreplicated)
          if (this.#unreplicated) reject(this.#refuseCommit())
          else resolve(result)
        })
      })
    }

    #failed(cause: Error, done: (failed: boolean) => void): Error {
      done(true)
      // The server may still be at it, and whatever was sent next would wait behind it.
      if (cause.message === 'Query read timeout') this.end().catch(() => {})
      const failure = asUnavailable(cause)
      if (failure !== cause) {
        this.broken = true
        onUnavailable(cause)
      }
      return failure
    }

    #refuseCommit(): Error {
      this.broken = true
      return databaseErrors.database_unavailable(
        'The commit did not reach a standby; it may or may not last.',
        {
          retryAfterSeconds: 2,
        },
      )
    }

    /** Ends it now. A statement under way fails with "Connection terminated". */
    sever(): void {
      this.broken = true
      this.end().catch(() => {})
      // A server that has vanished will not answer our goodbye either.
      this.connection.stream.destroy()
    }
  }
}
