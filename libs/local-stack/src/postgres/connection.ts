import pg from 'pg'
import { postgresUrl, superuser } from './credentials.ts'

export interface AdminSession {
  query<Row extends pg.QueryResultRow = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<Row[]>
}

/** Runs the work on one superuser connection, which is closed afterwards. Every statement is bounded. */
export async function asSuperuser<T>(
  port: number,
  work: (session: AdminSession) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const client = new pg.Client({
    connectionString: postgresUrl(port, database, superuser),
    application_name: 'local-stack',
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  })
  // A server killed on purpose breaks the socket; the pending query reports that, the event would end the program.
  client.on('error', () => {})
  try {
    await client.connect()
    const query: AdminSession['query'] = async <Row extends pg.QueryResultRow>(
      text: string,
      values?: unknown[],
    ) => (await client.query<Row>(text, values)).rows
    return await work({ query })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Quotes a name for use as an SQL identifier. */
export const quoteIdentifier = (name: string) => pg.escapeIdentifier(name)
