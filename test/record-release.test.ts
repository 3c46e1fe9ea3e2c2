import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import t, { type Test } from 'tap'
import { migrate, openPlainDatabase, type Schema } from '../libs/database/src/index.ts'
import { withSchemaLock } from '../libs/database/src/migrate/schema-connection.ts'
import { cloneTestDatabase } from '../libs/local-stack/src/testing.ts'
import { copyDocuments } from '../scripts/release/copy-documents.ts'
import { dumpRelease } from '../scripts/release/dump-release.ts'

async function openClone(t: Test) {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'record-release-test')
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  return { url: clone.url, db: database.primary }
}

/** How many rows each table has. */
async function countRows(db: Kysely<Schema>): Promise<Map<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`
    select c.relname as name, (xpath('/row/found/text()',
      query_to_xml(format('select count(*) as found from %I', c.relname), true, true, '')))[1]::text::int as count
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`.execute(db)
  return new Map(rows.map(({ name, count }) => [name, count]))
}

/** What is recorded of a release becomes a database of this program, with every row and balanced books. */
async function follows(t: Test, dump: string) {
  const { url, db } = await openClone(t)
  await withSchemaLock(url, console.log, async (client) => {
    await client.query('drop schema public cascade; create schema public')
    await client.query(dump)
  })
  const before = await countRows(db)
  await migrate(url)
  const after = await countRows(db)
  for (const [table, count] of before)
    if (after.has(table) && table !== 'function_files')
      t.ok((after.get(table) ?? 0) >= count, `${table} has ${count} rows`)
  const { rows } = await sql`select * from check_balances()`.execute(db)
  t.same(rows, [], 'the books balance')
  return before
}

const releases = join(import.meta.dirname, '../libs/database/test/releases')
for (const file of globSync('[0-9]*.sql', { cwd: releases }).toSorted())
  t.test(`the database of release ${file} follows`, async (t) => {
    await follows(t, readFileSync(join(releases, file), 'utf8'))
  })

t.test('what make record-release would write has a sample of every table, and follows', async (t) => {
  const { url } = await openClone(t)
  const dump = await dumpRelease(url, '1.2.3')
  t.match(dump, /^-- The schema of release 1\.2\.3,/)
  const rows = await follows(t, dump)
  t.ok(rows.size > 30)
  for (const [table, count] of rows) t.ok(count > 0, table)
})

t.test('a table without a sample is named', async (t) => {
  const { url, db } = await openClone(t)
  await sql`create table loyalty_points (id integer)`.execute(db)
  await t.rejects(dumpRelease(url, '1.2.3'), {
    message: 'The dump has no sample of loyalty_points: add one to sample-rows.ts.',
  })
})

t.test('a dump that would lose something is refused', async (t) => {
  const { url, db } = await openClone(t)
  await sql`create statistics pairs on user_id, status from orders`.execute(db)
  await t.rejects(dumpRelease(url, '1.2.3'), { message: /statistics/ })
})

t.test('the document of every service that has one is copied', async (t) => {
  const services = t.testdir({ orders: { 'openapi.json': '{"new": true}', 'openapi.released.json': '{}' } })
  mkdirSync(join(services, 'worker'))
  mkdirSync(join(services, 'analytics'))
  writeFileSync(join(services, 'analytics/openapi.json'), '[]')
  t.same(copyDocuments(services), ['analytics', 'orders'])
  t.equal(readFileSync(join(services, 'orders/openapi.released.json'), 'utf8'), '{"new": true}')
  t.equal(readFileSync(join(services, 'analytics/openapi.released.json'), 'utf8'), '[]')
})
