import pg from 'pg'
import { findPrimaryUrl } from './find-primary.ts'

/**
 * Runs work on one connection of its own to the server that takes writes, for programs that run once, and closes it afterwards.
 * @param url may name several hosts
 * @throws AppError `database_unavailable` when no host takes writes; whatever the work throws
 */
export async function withPrimaryClient<T>(
  url: string,
  applicationName: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: await findPrimaryUrl(url, applicationName),
    application_name: applicationName,
  })
  // A connection that breaks fails its statement too; the event would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
