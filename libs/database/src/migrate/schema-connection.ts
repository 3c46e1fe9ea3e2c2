import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { withPrimaryClient } from '../nodes/with-primary-client.ts'
import type { SchemaFile } from './schema-files.ts'

const pollMilliseconds = 200

/**
 * Runs work on one connection to the server that takes writes, under the lock on the schema of its database.
 * @param say called with a line when another process holds the lock
 */
export const withSchemaLock = <T>(
  url: string,
  say: (line: string) => void,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> =>
  withPrimaryClient(url, 'comanda-migrate', async (client) => {
    await lockSchema(client, say)
    return work(client)
  })

/** The key of the lock on the schema, which whoever migrates holds. */
export const schemaLock = `hashtextextended('comanda migrate', 0)`

/**
 * Takes the lock on the schema. It is the session's, because an index is built outside of a transaction. It is polled: a statement that
 * waited for the lock would be a transaction that the build of the index waits for, and neither would end.
 * @param say called with a line when another process holds the lock
 */
export async function lockSchema(client: pg.Client, say: (line: string) => void): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${schemaLock}) as locked`,
    )
    if (rows[0]?.locked) return
    if (tries === 0) say('waiting for another process that migrates this database')
    await sleep(pollMilliseconds)
  }
}

/** Runs work in a transaction, which a failure rolls back. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    // Whoever waits for a lock makes everyone behind it wait too; a migration had better fail and be tried again.
    await client.query(`set local lock_timeout = '5s'`)
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** Runs the statements of a file. @throws Error that names the file, and the line where Postgres knows it */
export async function runFile(client: pg.Client, { path, text }: SchemaFile): Promise<void> {
  try {
    await client.query(text)
  } catch (error) {
    throw fileError(path, error, text)
  }
}

/**
 * Makes an error that says where a file failed, with Postgres' message and its SQLSTATE as `code`.
 * @param text the file's text, in which the line is found when Postgres gives a position
 */
export function fileError(path: string, error: unknown, text?: string): Error {
  const { message, position, code } = error as pg.DatabaseError
  const known = position !== undefined && text !== undefined
  const line = known ? `:${text.slice(0, Number(position)).split('\n').length}` : ''
  return Object.assign(new Error(`${path}${line}: ${message}`, { cause: error }), { code })
}
