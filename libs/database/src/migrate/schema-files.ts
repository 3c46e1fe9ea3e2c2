import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where `migrations` and `functions` are. */
export const schemaFolder = join(import.meta.dirname, '../..')

/** An SQL file of the schema. */
export interface SchemaFile {
  /** Path below the schema's folder. */
  path: string
  text: string
}

/** A file of `migrations`, which is applied once. */
export interface VersionedFile extends SchemaFile {
  /** Its name without `.sql`, by which the database remembers it. */
  name: string
  /** Whether it builds or drops an index outside of a transaction. */
  concurrently: boolean
}

/**
 * Reads the versioned migrations, in the order in which they are applied.
 * @throws Error when a name is not `NNNN_name.sql`, or a number is taken twice
 */
export async function readVersionedFiles(folder: string): Promise<VersionedFile[]> {
  const files = (await readFiles(folder, 'migrations')).map((file) => {
    const [, name, , concurrently] =
      /^migrations\/((\d{4})_[a-z0-9_]+(\.concurrently)?)\.sql$/.exec(file.path) ?? []
    if (name === undefined)
      throw new Error(`${file.path}: a migration is called NNNN_name.sql or NNNN_name.concurrently.sql`)
    return { ...file, name, concurrently: concurrently !== undefined }
  })
  for (const [index, { name, path }] of files.entries()) {
    const before = files[index - 1]?.name
    if (before?.slice(0, 4) === name.slice(0, 4))
      throw new Error(`${path}: ${before} has that number already`)
  }
  return files
}

/** Reads the files of functions, trigger functions and views, sorted by path. */
export const readFunctionFiles = (folder: string): Promise<SchemaFile[]> => readFiles(folder, 'functions')

async function readFiles(folder: string, kind: 'migrations' | 'functions'): Promise<SchemaFile[]> {
  const paths = globSync(`${kind}/**/*.sql`, { cwd: folder })
  return Promise.all(
    paths.toSorted().map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
  )
}
