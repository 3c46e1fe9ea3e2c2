import { openPlainDatabase, type Schema } from '@comanda/database'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { seedCampus } from '#src/index.ts'

/** Opens an empty migrated database of the test's own, which is dropped when the test ends. */
export async function openDatabase(t: Test): Promise<{ db: Kysely<Schema>; url: string }> {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'seed-test')
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  return { db: database.primary, url: clone.url }
}

/** Opens a database with the campus, without demo accounts and history. */
export async function openCampus(t: Test): Promise<Kysely<Schema>> {
  const { db } = await openDatabase(t)
  await seedCampus(db, { demoAccounts: false, password: '' })
  return db
}

/** A checksum per table that has rows, so that two states can be compared. */
export async function checksums(db: Kysely<Schema>): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db)
  const sums: Record<string, string> = {}
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ sum: string | null }>`
      select md5(string_agg(r::text, ' ' order by r::text)) as sum from ${sql.table(name)} r`.execute(db)
    if (rows[0]?.sum) sums[name] = rows[0].sum
  }
  return sums
}

/** Runs a query and returns the first column of every row. */
export async function column<T>(db: Kysely<Schema>, query: ReturnType<typeof sql>): Promise<T[]> {
  const { rows } = await query.execute(db)
  return rows.map((row) => Object.values(row as object)[0] as T)
}
