import type { Client } from 'pg'
import { fileError } from './schema-connection.ts'
import type { VersionedFile } from './schema-files.ts'

const creates = /^create (?:unique )?index concurrently (?!if not exists)("?)([a-z_][a-z0-9_]*)\1 on /i
const drops = /^drop index concurrently if exists "?[a-z_][a-z0-9_]*"?$/i

/**
 * Runs a file that builds or drops one index while its table is in use. Safe to repeat after it was interrupted: what an interrupted build
 * leaves behind is dropped, and what is complete stays.
 * @throws Error that names the file, when it holds anything else or Postgres refuses it
 */
export async function buildIndex(client: Client, file: VersionedFile): Promise<void> {
  const statement = onlyStatement(file)
  const index = creates.exec(statement)?.[2]
  try {
    // No statement queues behind it while it waits for transactions to end, so it needs no time-out.
    await client.query('set lock_timeout = 0')
    await client.query('set statement_timeout = 0')
    if (index === undefined) await client.query(statement)
    else await createUnlessComplete(client, index, statement)
    await client.query('reset lock_timeout')
    await client.query('reset statement_timeout')
  } catch (error) {
    throw fileError(file.path, error)
  }
}

function onlyStatement({ path, text }: VersionedFile): string {
  const statement = text.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').trim().replace(/\s*;$/, '')
  if (!statement.includes(';') && (creates.test(statement) || drops.test(statement))) return statement
  throw new Error(
    `${path}: holds one "create index concurrently name on …" or "drop index concurrently if exists name", and nothing else`,
  )
}

async function createUnlessComplete(client: Client, index: string, statement: string): Promise<void> {
  const { rows } = await client.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [index],
  )
  if (rows[0]?.valid) return
  if (rows.length > 0) await client.query(`drop index concurrently "${index}"`)
  await client.query(statement)
}
