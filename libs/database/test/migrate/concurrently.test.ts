import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '@comanda/database'
import pg from 'pg'
import t, { type Test } from 'tap'
import { copySchema, openClone, openEmpty, valueOf } from './schema-copy.ts'

const file = 'migrations/9002_settings_updated.concurrently.sql'
const build = '-- For the newest.\ncreate index concurrently settings_updated on settings (updated_at);\n'
const isValid = `select indisvalid from pg_index where indexrelid = to_regclass('settings_updated')`

async function connect(t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.end())
  return client
}

t.test('an index is built between transactions, in the order of the files', async (t) => {
  const { url, client } = await openEmpty(t)
  const schema = copySchema(t)
  schema.write('migrations/9001_extra.sql', 'create table extra (id integer);')
  schema.write(
    'migrations/9002_extra_id.concurrently.sql',
    'create unique index concurrently extra_id on extra (id);',
  )
  schema.write('migrations/9003_extra_key.sql', 'alter table extra add unique using index extra_id;')
  const [first, second] = await Promise.all([
    migrate(url, { folder: schema.folder }),
    migrate(url, { folder: schema.folder }),
  ])
  t.strictSame(
    [...first.migrations, ...second.migrations].slice(-3),
    ['9001_extra', '9002_extra_id.concurrently', '9003_extra_key'],
    'two processes at once do not wait for each other for ever',
  )
  t.equal(await valueOf(client, `select contype from pg_constraint where conname = 'extra_id'`), 'u')
  schema.write('migrations/9004_no_names.concurrently.sql', 'drop index concurrently if exists settings_none')
  t.strictSame((await migrate(url, { folder: schema.folder })).migrations, ['9004_no_names.concurrently'])
})

t.test('a table is written to while its index is built', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  schema.write(file, build)
  const [holder, writer] = [await connect(t, url), await connect(t, url)]
  await holder.query('begin')
  await holder.query(`insert into settings (key, value) values ('held', '1')`)
  const migrating = migrate(url, { folder: schema.folder })
  // The build waits for the transaction that has written.
  while ((await valueOf(client, isValid)) === undefined) await sleep(5)
  for (let n = 0; n < 20; n += 1)
    await writer.query(`insert into settings (key, value) values ($1, '1')`, [`written ${n}`])
  t.equal(await valueOf(client, isValid), false, 'it was being built all the time')
  await holder.query('commit')
  t.strictSame((await migrating).migrations, ['9002_settings_updated.concurrently'])
  t.equal(await valueOf(client, isValid), true)
})

t.test('a build that was killed is repeated', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  schema.write('migrations/9001_extra.sql', 'create table extra (id integer);')
  schema.write(file, build)
  const holder = await connect(t, url)
  await holder.query('begin')
  await holder.query(`insert into settings (key, value) values ('held', '1')`)
  const migrating = migrate(url, { folder: schema.folder })
  const failed = t.rejects(migrating, { message: new RegExp(`^${file}: `) })
  while ((await valueOf(client, isValid)) === undefined) await sleep(5)
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'comanda-migrate'`,
  )
  await failed
  t.equal(await valueOf(client, isValid), false, 'an index that nobody may use is left behind')
  await holder.query('commit')
  t.strictSame(
    (await migrate(url, { folder: schema.folder })).migrations,
    ['9002_settings_updated.concurrently'],
    'what was done before stays',
  )
  t.equal(await valueOf(client, isValid), true)

  await client.query(`delete from schema_migrations where name like '9002%'`)
  const built = await valueOf(client, `select 'settings_updated'::regclass::oid::int`)
  await migrate(url, { folder: schema.folder })
  t.equal(
    await valueOf(client, `select 'settings_updated'::regclass::oid::int`),
    built,
    'a complete one that was not recorded stays',
  )
})

t.test('such a file holds one index and nothing else', async (t) => {
  const { url } = await openClone(t)
  const schema = copySchema(t)
  for (const text of [
    'update settings set key = key;',
    'create index settings_updated on settings (updated_at);',
    'create index concurrently on settings (updated_at);',
    'create index concurrently if not exists settings_updated on settings (updated_at);',
    'drop index concurrently settings_updated;',
    `${build} ${build}`,
  ]) {
    schema.write(file, text)
    await t.rejects(migrate(url, { folder: schema.folder }), { message: /holds one "create index/ }, text)
  }
})
