import type { Kysely } from 'kysely'
import type { PgConnection } from '../connections/connection.ts'
import type { Pool } from '../connections/pool.ts'
import type { Schema } from '../schema/schema.ts'
import { databaseOn } from './database-on.ts'

/**
 * Runs a query on one connection, and closes that when the signal is aborted: the server gives the statement up when it sees that its
 * client is gone. To cancel the statement instead would take a second connection, which a full pool does not have, and could meet the
 * statement that the next borrower has sent by then.
 * @throws the reason of the signal when it is aborted
 */
export async function readUntil<T>(
  pool: Pool,
  signal: AbortSignal,
  query: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const client = await pool.connect()
  const leave = () => (client as unknown as PgConnection).terminate()
  try {
    signal.throwIfAborted()
    signal.addEventListener('abort', leave, { once: true })
    return await databaseOn(client).connection().execute(query)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', leave)
    client.release()
  }
}
