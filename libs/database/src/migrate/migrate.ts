import type { Client } from 'pg'
import { grantRights } from '../roles/grant-rights.ts'
import { applyFunctions } from './apply-functions.ts'
import { bringBack, setAside } from './before-baseline.ts'
import { buildIndex } from './build-index.ts'
import { readSchemaState, schemaProblem } from './compatibility.ts'
import { findMissing, planSteps } from './plan.ts'
import { inTransaction, runFile, withSchemaLock } from './schema-connection.ts'
import { readFunctionFiles, readVersionedFiles, schemaFolder, type VersionedFile } from './schema-files.ts'
import { schemaVersion } from './schema-version.ts'

const baseline = '0001_baseline'

export interface MigrateOptions {
  /** Where `migrations` and `functions` are; by default those of this program. */
  folder?: string
  /** The version that the files make; by default that of this program. */
  version?: number
  /** Called with a line for people about each step. */
  say?: (line: string) => void
}

/** What migrate did. */
export interface Migrated {
  /** Names of the versioned migrations that were applied, in order. */
  migrations: string[]
  /** Paths of the files of functions that were applied or are no more. */
  functions: string[]
  /** The schema's version when a newer program has migrated it, so that nothing was done; otherwise null. */
  newerVersion: number | null
}

/**
 * Brings a database to this program's schema: the versioned migrations that are missing, in order, then functions, triggers and views,
 * then what the roles of the services may do with them.
 * It is one transaction, unless files are to be run outside of one: then there is one before, between and after them. Processes that
 * migrate at the same time wait for one another. A schema of a newer program is left alone.
 * @param url may name several hosts, of which the one that takes writes is migrated
 * @throws Error that names the file that failed, or says that this program is too old for the schema
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<Migrated> {
  const { folder = schemaFolder, version = schemaVersion, say = () => {} } = options
  return withSchemaLock(url, say, async (client) => {
    const state = await readSchemaState(client)
    if (state !== null && state.version > version) {
      const problem = schemaProblem(state, version)
      if (problem !== null) throw new Error(problem)
      return { migrations: [], functions: [], newerVersion: state.version }
    }
    const missing = findMissing(await readVersionedFiles(folder), await readApplied(client))
    const functions = await applyInSteps(client, { missing, folder, version, say })
    return { migrations: missing.map(({ name }) => name), functions, newerVersion: null }
  })
}

async function applyInSteps(
  client: Client,
  options: { missing: VersionedFile[]; folder: string; version: number; say: (line: string) => void },
): Promise<string[]> {
  const { missing, folder, version, say } = options
  const { steps, last } = planSteps(missing)
  for (const { together, index } of steps) {
    await inTransaction(client, () => applyFiles(client, together))
    for (const { name } of together) say(`applied ${name}`)
    await buildIndex(client, index)
    await record(client, index)
    say(`applied ${index.name}`)
  }
  const functions = await inTransaction(client, async () => {
    await applyFiles(client, last)
    const applied = await applyFunctions(client, await readFunctionFiles(folder))
    if (folder === schemaFolder) await grantRights(client, say)
    await client.query('update schema_version set version = $1 where version < $1', [version])
    return applied
  })
  for (const { name } of last) say(`applied ${name}`)
  if (functions.length > 0) say(`applied ${functions.length} files of functions`)
  return functions
}

async function applyFiles(client: Client, files: VersionedFile[]): Promise<void> {
  for (const file of files) {
    const isFollowing = file.name === baseline && (await setAside(client))
    await runFile(client, file)
    if (isFollowing) await bringBack(client)
    await record(client, file)
  }
}

async function readApplied(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('schema_migrations') is not null as there`,
  )
  if (!rows[0]?.there) return []
  const applied = await client.query<{ name: string }>('select name from schema_migrations order by name')
  return applied.rows.map(({ name }) => name)
}

const record = (client: Client, { name }: VersionedFile) =>
  client.query('insert into schema_migrations (name) values ($1)', [name])
