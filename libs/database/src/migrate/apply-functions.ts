import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { readFunctionFiles, type SchemaFile } from './schema-files.ts'

interface FunctionFilesTable {
  file: string
  digest: Buffer
  functions: string[]
}

/**
 * Makes functions, triggers and views what their files say: applies those that have changed, in one go, and drops the functions that no
 * file makes any more.
 * @returns the files that were applied, by name
 * @throws the error of the file that failed, with its name
 */
export async function applyFunctions(tx: Transaction<never>): Promise<string[]> {
  const files = await readFunctionFiles()
  const known = await readDigests(tx)
  const changed = files.filter(({ name, text }) => !known.get(name)?.equals(digestOf(text)))
  const gone = [...known.keys()].filter((name) => !files.some((file) => file.name === name))
  if (changed.length + gone.length === 0) return []

  // Functions call one another, so their bodies are only checked once all are there. Views need what they call.
  await sql`set local check_function_bodies = off`.execute(tx)
  for (const file of inOrder(changed)) await apply(tx, file)
  await sql`set local check_function_bodies = on`.execute(tx)
  for (const file of inOrder(changed)) await record(tx, file, await apply(tx, file))
  for (const file of gone) await sql`delete from function_files where file = ${file}`.execute(tx)
  await dropUnmade(tx)
  return changed.map(({ name }) => name)
}

const digestOf = (text: string) => createHash('sha256').update(text).digest()

const isView = ({ text }: SchemaFile) => /^create or replace view/m.test(text)
const inOrder = (files: SchemaFile[]) => files.toSorted((a, b) => Number(isView(a)) - Number(isView(b)))

async function readDigests(tx: Transaction<never>): Promise<Map<string, Buffer>> {
  const { rows } = await sql<FunctionFilesTable>`select file, digest from function_files`.execute(tx)
  return new Map(rows.map(({ file, digest }) => [file, digest]))
}

/** Applies a file and returns the signatures of the functions that it made: each has a new row in the catalogue. */
async function apply(tx: Transaction<never>, { name, text }: SchemaFile): Promise<string[]> {
  const before = await listFunctions(tx)
  try {
    await sql.raw(text).execute(tx)
  } catch (error) {
    throw new Error(
      `functions/${name} could not be applied: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
  const after = await listFunctions(tx)
  return [...after]
    .filter(([signature, row]) => before.get(signature) !== row)
    .map(([signature]) => signature)
}

/** The rows of the functions of our schema, but those of extensions, by signature. */
async function listFunctions(tx: Transaction<never>): Promise<Map<string, string>> {
  const { rows } = await sql<{ signature: string; row: string }>`
    select p.oid::regprocedure::text as signature, p.ctid::text as row from pg_proc p
    where p.pronamespace = current_schema()::regnamespace
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  `.execute(tx)
  return new Map(rows.map(({ signature, row }) => [signature, row]))
}

async function record(
  tx: Transaction<never>,
  { name, text }: SchemaFile,
  functions: string[],
): Promise<void> {
  await sql`
    insert into function_files (file, digest, functions) values (${name}, ${digestOf(text)}, ${functions})
    on conflict (file) do update set digest = excluded.digest, functions = excluded.functions
  `.execute(tx)
}

/** An old signature stays only as long as a file makes it. */
async function dropUnmade(tx: Transaction<never>): Promise<void> {
  const { rows } = await sql<{ made: string }>`select unnest(functions) as made from function_files`.execute(
    tx,
  )
  const made = new Set(rows.map((row) => row.made))
  for (const signature of (await listFunctions(tx)).keys()) {
    if (!made.has(signature)) await sql.raw(`drop function ${signature}`).execute(tx)
  }
}
