import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type { Schema } from '../schema/schema.ts'

const databases = new WeakMap<PostgresPoolClient, Kysely<Schema>>()

/** The database on one connection, which goes back to its pool when its borrower releases it, and not when a query is done. */
export function databaseOn(client: PostgresPoolClient): Kysely<Schema> {
  let database = databases.get(client)
  if (database === undefined) {
    const connection = { query: client.query.bind(client), release: () => {} } as PostgresPoolClient
    const singleConnection = { connect: async () => connection, end: async () => {}, options: {} }
    database = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: singleConnection }),
      plugins: [new CamelCasePlugin()],
    })
    databases.set(client, database)
  }
  return database
}
