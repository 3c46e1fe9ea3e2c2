import { createHash } from 'node:crypto'
import { type Client, DatabaseError } from 'pg'
import { checkFunctionBodies } from './check-function-bodies.ts'
import { fileError, runFile } from './schema-connection.ts'
import type { SchemaFile } from './schema-files.ts'
import { dropObjects, listObjects } from './schema-objects.ts'

/** What the database remembers of a file; a row of `function_files`. */
interface FileRecord {
  digest: Buffer
  /** What it made, as `listObjects` names it. */
  objects: string[]
}

/**
 * Makes functions, triggers and views what their files say: applies the files that have changed or whose work is gone, drops what a file
 * made before and none makes now, and checks the bodies of all functions. To be called within a transaction.
 * @returns paths of the files that were applied or are no more, in the order of their application
 * @throws Error that names the file
 */
export async function applyFunctions(client: Client, files: SchemaFile[]): Promise<string[]> {
  const known = await readRecords(client)
  const present = await listObjects(client)
  const changed = inOrder(
    files.filter((file) => {
      const record = known.get(file.path)
      return !record?.digest.equals(digestOf(file)) || !record.objects.every((object) => present.has(object))
    }),
  )
  const gone = [...known.keys()].filter((path) => !files.some((file) => file.path === path))

  // Functions call one another, so their bodies can only be checked once all are there.
  await client.query('set local check_function_bodies = off')
  for (const file of changed) {
    const objects = await apply(client, file, known.get(file.path)?.objects ?? [])
    await client.query(
      `insert into function_files (file, digest, objects) values ($1, $2, $3)
       on conflict (file) do update set digest = excluded.digest, objects = excluded.objects`,
      [file.path, digestOf(file), objects],
    )
  }
  await client.query('delete from function_files where file = any ($1)', [gone])
  await dropUnmade(client, known)
  await checkFunctionBodies(client)
  return [...changed.map(({ path }) => path), ...gone]
}

const digestOf = ({ text }: SchemaFile) => createHash('sha256').update(text).digest()

/** Views after functions, because only a function's body may refer to what is not there yet. */
function inOrder(files: SchemaFile[]): SchemaFile[] {
  const makesOnlyViews = ({ text }: SchemaFile) =>
    /^create (or replace )?view /im.test(text) && !/^create (or replace )?(function|procedure) /im.test(text)
  return files.toSorted((a, b) => Number(makesOnlyViews(a)) - Number(makesOnlyViews(b)))
}

async function readRecords(client: Client): Promise<Map<string, FileRecord>> {
  const { rows } = await client.query<FileRecord & { file: string }>(
    'select file, digest, objects from function_files',
  )
  return new Map(rows.map(({ file, ...record }) => [file, record]))
}

/** Applies a file and returns the objects that it made: those with a new row in Postgres' catalogue. */
async function apply(client: Client, file: SchemaFile, former: string[]): Promise<string[]> {
  const before = await listObjects(client)
  await client.query('savepoint file')
  try {
    await runFile(client, file)
  } catch (error) {
    if (!cannotBeReplaced(error)) throw error
    await client.query('rollback to savepoint file')
    const there = former.filter((object) => before.has(object))
    await dropObjects(client, there).catch((cause: unknown) => Promise.reject(fileError(file.path, cause)))
    await runFile(client, file)
  }
  await client.query('release savepoint file')
  const after = await listObjects(client)
  const made = [...after].filter(([object, row]) => before.get(object) !== row)
  return made.map(([object]) => object).toSorted()
}

/** Whether `create or replace` refused because results, names of parameters or columns have changed. */
function cannotBeReplaced(error: unknown): boolean {
  const { cause } = error as Error
  return cause instanceof DatabaseError && ['42P13', '42P16'].includes(cause.code ?? '')
}

/** Drops what files made before and none makes now: an old signature stays as long as a file makes it. */
async function dropUnmade(client: Client, known: Map<string, FileRecord>): Promise<void> {
  const maker = new Map<string, string>()
  for (const [file, { objects }] of await readRecords(client)) {
    for (const object of objects) {
      const other = maker.get(object)
      if (other !== undefined) throw new Error(`${file}: the ${object} is made by ${other} too`)
      maker.set(object, file)
    }
  }
  const present = await listObjects(client)
  const formerly = new Set([...known.values()].flatMap(({ objects }) => objects))
  await dropObjects(
    client,
    [...formerly].filter((object) => present.has(object) && !maker.has(object)),
  )
}
