import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** An SQL file of the schema. */
export interface SchemaFile {
  /** Path below its folder. */
  name: string
  text: string
}

/** Versioned migrations, in the order in which they are applied. */
export const readVersionedFiles = () => readFiles('migrations')

/** A file for each function, trigger function and view, by name. */
export const readFunctionFiles = () => readFiles('functions')

async function readFiles(folder: string): Promise<SchemaFile[]> {
  const cwd = join(root, folder)
  const names = globSync('**/*.sql', { cwd })
  return Promise.all(
    names.toSorted().map(async (name) => ({ name, text: await readFile(join(cwd, name), 'utf8') })),
  )
}
