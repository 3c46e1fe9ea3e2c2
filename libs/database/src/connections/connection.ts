import { AsyncResource } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { asUnavailable, databaseErrors } from '../errors/database-errors.ts'
import { InFlight } from './in-flight.ts'
import { preparedName } from './prepared-names.ts'
import { type StatementListener, statementLabels } from './statement.ts'

export interface ConnectionListeners {
  onStatement: StatementListener
  /** Called when a server could not be reached, was lost, or does not do what it is there for. */
  onUnavailable: (error: unknown) => void
}

export interface ConnectionOptions extends ConnectionListeners {
  /** How long a statement may be without an answer before it fails, and its connection with it. */
  queryMilliseconds: number
}

export type PgConnection = InstanceType<ReturnType<typeof connectionClass>>

/** A pg client that prepares statements with parameters once per connection, and times all statements. */
export function connectionClass({ onStatement, onUnavailable, queryMilliseconds }: ConnectionOptions) {
  return class extends pg.Client {
    /** Whether it must not be used again: it is broken, or its server is shutting down or was demoted. */
    broken = false
    #unreplicated = false
    /** How to fail each statement that was sent and has no answer yet. */
    readonly #inFlight = new InFlight<(error: Error) => void>()
    /**
     * One timer for the connection, because pg's own promises and its timer for each statement keep results alive until the next
     * full collection: with them the young generation never freed a row.
     */
    readonly #queryTimer = setTimeout(() => {
      for (const fail of this.#inFlight.takeAll()) fail(new Error('Query read timeout'))
    }, queryMilliseconds).unref()

    constructor(config?: string | pg.ClientConfig) {
      super(config)
      // When a commit that waits for a standby is cancelled, Postgres reports success, with a warning from this function.
      this.on('notice', ({ routine }) => {
        if (routine === 'SyncRepWaitForLSN') this.#unreplicated = true
      })
    }

    // oxlint-disable-next-line typescript/no-explicit-any -- pg's overloads are many; only the form that Kysely uses is changed.
    override query(...args: unknown[]): any {
      const [text, values = []] = args as [text: unknown, values?: unknown[]]
      if (typeof text !== 'string' || args.length > 2) return super.query(...(args as [string]))
      const started = performance.now()
      // pg calls back in the context of the socket, which is that of whoever made the connection. Listeners run in the context of
      // whoever sent the statement, so that what they measure counts for the right request.
      const sender = new AsyncResource('POSTGRES_STATEMENT')
      const done = (failed: boolean) => {
        const { queryType, table } = statementLabels(text)
        const seconds = (performance.now() - started) / 1000
        sender.runInAsyncScope(onStatement, undefined, { text, queryType, table, seconds, failed })
      }
      const name = values.length > 0 ? preparedName(text) : undefined
      const config = name === undefined ? { text, values } : { name, text, values }
      return new Promise((resolve, reject) => {
        const fail = (error: Error) => reject(this.#failed(error, done))
        this.#inFlight.add(fail)
        this.#queryTimer.refresh()
        super.query(config, (error: Error | null | undefined, result: pg.QueryResult) => {
          // The statement has already failed with a time-out.
          if (!this.#inFlight.delete(fail)) return
          if (error) return fail(error)
          done(this.#unreplicated)
          if (this.#unreplicated) reject(this.#refuseCommit())
          else resolve(result)
        })
      })
    }

    #failed(cause: Error, done: (failed: boolean) => void): Error {
      done(true)
      // The server may still be executing it, and whatever was sent next would wait behind it.
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

    /** Ends the connection now. A statement in flight fails with "Connection terminated". */
    terminate(): void {
      this.broken = true
      this.end().catch(() => {})
      // A server that has vanished will not acknowledge the end either.
      this.connection.stream.destroy()
    }
  }
}
