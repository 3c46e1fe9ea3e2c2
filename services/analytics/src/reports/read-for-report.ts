import { accessErrors } from '@comanda/access'
import { type Database, databaseErrors, type Schema } from '@comanda/database'
import { platformErrors } from '@comanda/service'
import type { Kysely } from 'kysely'

/**
 * SQLSTATEs with which a standby ends a statement that keeps it from replaying: a conflict with recovery, which may also show as a
 * deadlock with it.
 */
const replayConflicts = new Set(['40001', '40P01'])
const statementTimeout = '57014'

const stateOf = (error: unknown) => (error as { code?: unknown }).code

/**
 * Reads from a replica for reports, and once more when replay has cancelled the first attempt.
 * @throws AppError database_unavailable when replay cancels the second one too or no replica answers, handler_timeout when a statement
 * takes too long, client_left when the signal is aborted
 */
export async function readForReport<T>(
  database: Pick<Database, 'read'>,
  signal: AbortSignal,
  query: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  const attempt = () => database.read('reports', query, { signal })
  try {
    return await attempt().catch((error: unknown) => {
      if (replayConflicts.has(String(stateOf(error)))) return attempt()
      throw error
    })
  } catch (cause) {
    if (signal.aborted) throw accessErrors.client_left(undefined, { cause })
    if (replayConflicts.has(String(stateOf(cause))))
      throw databaseErrors.database_unavailable('Replication has cancelled the report twice.', {
        cause,
        retryAfterSeconds: 30,
      })
    if (stateOf(cause) === statementTimeout)
      throw platformErrors.handler_timeout('Ask for fewer days.', { cause, retryAfterSeconds: 30 })
    throw cause
  }
}
