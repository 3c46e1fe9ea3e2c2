import { migrate } from '@comanda/database'
import t from 'tap'
import { copySchema, openClone, openEmpty, valueOf } from './schema-copy.ts'

const nothing = { migrations: [], functions: [], newerVersion: null }

t.test('a migrated database is up to date, and migrating it again changes nothing', async (t) => {
  const { url } = await openClone(t)
  t.strictSame(await migrate(url), nothing)
})

t.test('an empty database becomes the newest schema, two processes at once included', async (t) => {
  const { url, client } = await openEmpty(t)
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const results = await Promise.all([migrate(url, { say }), migrate(url, { say })])
  const [first, second] = results.toSorted((a, b) => b.migrations.length - a.migrations.length)
  t.ok((first?.migrations.length ?? 0) > 0 && (first?.functions.length ?? 0) > 0)
  t.strictSame(second, nothing, 'one of them did it all')
  t.ok(lines.includes('waiting for another process that migrates this database'))
  t.equal(await valueOf(client, `select kind from accounts`), 'clearing')
})

t.test('a file that fails is named with its line, and leaves everything as it was', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  schema.write('migrations/9001_good.sql', 'create table extra (id integer);')
  schema.write(
    'migrations/9002_bad.sql',
    '-- This table is not there.\nalter table nowhere\n  add column id integer;',
  )
  await t.rejects(migrate(url, { folder: schema.folder }), {
    message: 'migrations/9002_bad.sql: relation "nowhere" does not exist',
  })
  schema.write('migrations/9002_bad.sql', '-- A column that is not there.\nupdate extra set\n  wrong = 1;')
  await t.rejects(migrate(url, { folder: schema.folder }), {
    message: 'migrations/9002_bad.sql:3: column "wrong" of relation "extra" does not exist',
  })
  t.equal(await valueOf(client, `select to_regclass('extra')`), null)
  schema.write('migrations/9002_bad.sql', 'alter table extra add column wrong integer;')
  t.strictSame((await migrate(url, { folder: schema.folder })).migrations, ['9001_good', '9002_bad'])
})

t.test('files have an order that no branch may break', async (t) => {
  const { url } = await openClone(t)
  const schema = copySchema(t)
  schema.write('migrations/9002_second.sql', 'create table second (id integer);')
  await migrate(url, { folder: schema.folder })
  schema.write('migrations/9001_first.sql', 'create table first (id integer);')
  await t.rejects(migrate(url, { folder: schema.folder }), {
    message: 'migrations/9001_first.sql: the database has 9002_second already, so this needs a higher number',
  })
  schema.remove('migrations/9001_first.sql')
  schema.remove('migrations/9002_second.sql')
  await t.rejects(migrate(url, { folder: schema.folder }), { message: /has the migration 9002_second/ })
  schema.write('migrations/9001_one.sql', 'select')
  schema.write('migrations/9001_two.sql', 'select')
  await t.rejects(migrate(url, { folder: schema.folder }), { message: /9001_one has that number already/ })
  schema.remove('migrations/9001_two.sql')
  schema.write('migrations/9_short.sql', 'select')
  await t.rejects(migrate(url, { folder: schema.folder }), { message: /9_short.sql: a migration is called/ })
})
