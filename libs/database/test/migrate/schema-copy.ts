import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import pg from 'pg'
import type { Test } from 'tap'

/** A copy of the schema's files that a test may change. */
export interface SchemaCopy {
  folder: string
  write: (file: string, text: string) => void
  edit: (file: string, from: string, to: string) => void
  remove: (file: string) => void
}

/** Copies the schema's files for one test. */
export function copySchema(t: Test): SchemaCopy {
  const folder = mkdtempSync(join(tmpdir(), 'comanda-schema-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const kind of ['migrations', 'functions'])
    cpSync(join(import.meta.dirname, '../..', kind), join(folder, kind), { recursive: true })
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text)
  return {
    folder,
    write,
    edit(file, from, to) {
      const text = readFileSync(join(folder, file), 'utf8')
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
      write(file, text.replace(from, to))
    },
    remove: (file) => rmSync(join(folder, file)),
  }
}

/** A migrated database of the test's own, and a connection to it. */
export async function openClone(t: Test): Promise<{ url: string; client: pg.Client }> {
  const clone = await cloneTestDatabase()
  const client = new pg.Client({ connectionString: clone.url })
  await client.connect()
  t.teardown(async () => {
    await client.end()
    await clone.drop()
  })
  return { url: clone.url, client }
}

/** Opens a database as `openClone` does, with nothing in it. */
export async function openEmpty(t: Test): Promise<{ url: string; client: pg.Client }> {
  const opened = await openClone(t)
  await opened.client.query('drop schema public cascade; create schema public')
  return opened
}

/** The first column of the first row. */
export async function valueOf(client: pg.Client, text: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text, values, rowMode: 'array' })
  return rows[0]?.[0]
}
