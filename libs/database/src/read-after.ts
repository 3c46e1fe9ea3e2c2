import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import { sight } from './lookout.ts'
import type { Pool } from './pool.ts'
import type { Schema } from './schema/schema.ts'

/** What a query gave; null when it was not run, because the server is not that far. */
export type Answer<T> = { value: T } | null

export type ReadAfter = <T>(least: number, query: (db: Kysely<Schema>) => Promise<T>) => Promise<Answer<T>>

/**
 * Runs queries on a server only once it has replayed a position. The server is asked on the very connection that the query
 * then takes, because the name of a replica may lead to several servers that are not equally far. How far it was is remembered
 * with the connection, so that a read after a position of some time ago costs no question.
 * @param isCurrent whether a server that takes writes on that timeline is the primary by another name, which has everything
 */
export function createReadAfter(pool: Pool, isCurrent: (timeline: number) => boolean): ReadAfter {
  const replayed = new WeakMap<PostgresPoolClient, number>()
  const databases = new WeakMap<PostgresPoolClient, Kysely<Schema>>()

  async function hasReplayed(client: PostgresPoolClient, least: number): Promise<boolean> {
    if ((replayed.get(client) ?? 0) >= least) return true
    const { position, timeline } = await sight(client)
    if (timeline !== null) return isCurrent(timeline)
    replayed.set(client, position)
    return position >= least
  }

  function databaseOn(client: PostgresPoolClient): Kysely<Schema> {
    let database = databases.get(client)
    if (database === undefined) {
      // Only lent on: it goes back to its pool when the whole read is over.
      const connection = { query: client.query.bind(client), release: () => {} } as PostgresPoolClient
      const onlyOne = { connect: async () => connection, end: async () => {}, options: {} }
      database = new Kysely<Schema>({
        dialect: new PostgresDialect({ pool: onlyOne }),
        plugins: [new CamelCasePlugin()],
      })
      databases.set(client, database)
    }
    return database
  }

  return async (least, query) => {
    const client = await pool.connect()
    try {
      if (!(await hasReplayed(client, least))) return null
      return { value: await databaseOn(client).connection().execute(query) }
    } finally {
      client.release()
    }
  }
}
