import { AppError, defineErrors } from '@comanda/errors'

export const databaseErrors = defineErrors({
  database_unavailable: { status: 503, title: 'The database cannot be reached at the moment' },
})

/** SQLSTATEs of a server that cannot serve now (see the appendix "PostgreSQL Error Codes"): shutting down, starting, full, demoted. */
const transientStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25006'])
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ECONNABORTED',
  'EAI_AGAIN',
])
/** Messages of errors for which pg and pg-pool have no codes. */
const transientMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after)/

/** Whether the connection or the state of the server caused a failure, and not the statement. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'database_unavailable'
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') {
    if (code.startsWith('08') || transientStates.has(code) || transientCodes.has(code)) return true
  }
  if (error instanceof AggregateError) return error.errors.every(isUnavailable)
  return transientMessages.test(error.message)
}

/**
 * Turns the error of a lost database into `database_unavailable` (503, retry after 2 s), and returns any other error as it is. What
 * was sent before the connection broke may or may not have been committed.
 */
export function asUnavailable(error: Error): Error {
  if (error instanceof AppError || !isUnavailable(error)) return error
  return databaseErrors.database_unavailable(undefined, { cause: error, retryAfterSeconds: 2 })
}

/** Whether no connection was released in time, which says nothing about the server. */
export function isPoolFull(error: unknown): boolean {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error && cause.message === 'timeout exceeded when trying to connect'
}
