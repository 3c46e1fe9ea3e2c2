import { accessErrors } from '@comanda/access'
import {
  type Database,
  databaseErrors,
  type ReadOptions,
  type ReplicaPurpose,
  type Schema,
} from '@comanda/database'
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
 * Reads from a replica, and once more when replay has cancelled the first attempt.
 * @param options its signal is aborted when nobody waits for the answer any more
 * @throws AppError database_unavailable when replay cancels the second one too or no replica answers, handler_timeout when a statement
 * takes too long, client_left when the signal is aborted
 */
export async function readFromReplica<T>(
  database: Pick<Database, 'read'>,
  purpose: ReplicaPurpose,
  query: (db: Kysely<Schema>) => Promise<T>,
  options: ReadOptions = {},
): Promise<T> {
  const attempt = () => database.read(purpose, query, options)
  try {
    return await attempt().catch((error: unknown) => {
      if (replayConflicts.has(String(stateOf(error)))) return attempt()
      throw error
    })
  } catch (cause) {
    if (options.signal?.aborted) throw accessErrors.client_left(undefined, { cause })
    if (replayConflicts.has(String(stateOf(cause))))
      throw databaseErrors.database_unavailable('Replication has cancelled the read twice.', {
        cause,
        retryAfterSeconds: 30,
      })
    if (stateOf(cause) === statementTimeout)
      throw platformErrors.handler_timeout('Ask for fewer days or cafeterias.', {
        cause,
        retryAfterSeconds: 30,
      })
    throw cause
  }
}
