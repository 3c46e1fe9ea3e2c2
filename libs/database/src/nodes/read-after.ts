import type { Kysely, PostgresPoolClient } from 'kysely'
import type { Pool } from '../connections/pool.ts'
import type { Schema } from '../schema/schema.ts'
import { databaseOn } from './database-on.ts'
import { readServerStatus } from './server-status.ts'

/** The result of a query; null when it was not run, because the server has not replayed the position. */
export type ReadResult<T> = { value: T } | null

export type ReadAfter = <T>(
  position: number,
  query: (db: Kysely<Schema>) => Promise<T>,
) => Promise<ReadResult<T>>

/**
 * Runs queries on a server only once it has replayed a position. The replayed position is read on the very connection that the query
 * then uses, because the name of a replica may resolve to several servers that have replayed different amounts. It is remembered with
 * the connection, so that a read after an older position needs no further statement.
 * @param isPrimaryTimeline whether a server that takes writes on that timeline is the primary, which has everything
 */
export function createReadAfter(pool: Pool, isPrimaryTimeline: (timeline: number) => boolean): ReadAfter {
  const replayed = new WeakMap<PostgresPoolClient, number>()

  async function hasReplayed(client: PostgresPoolClient, wanted: number): Promise<boolean> {
    if ((replayed.get(client) ?? 0) >= wanted) return true
    const { position, timeline } = await readServerStatus(client)
    if (timeline !== null) return isPrimaryTimeline(timeline)
    replayed.set(client, position)
    return position >= wanted
  }

  return async (position, query) => {
    const client = await pool.connect()
    try {
      if (!(await hasReplayed(client, position))) return null
      return { value: await databaseOn(client).connection().execute(query) }
    } finally {
      client.release()
    }
  }
}
