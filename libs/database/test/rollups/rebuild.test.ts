import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { rebuildRollups } from '@comanda/database'
import t from 'tap'
import { dumpSchema } from '#src/dump/dump-schema.ts'
import { openClone, valueOf } from '../migrate/schema-copy.ts'

const command = join(import.meta.dirname, '../../src/cli/rebuild-rollups.ts')
const tables = 'select rollup_tables()'
const oids = `select array_agg(t::regclass::oid::text order by t) from unnest(rollup_tables()) t`
/** The schema of a rebuild that has not come to its end. */
const leftOver = `select to_regnamespace('rollups_rebuild') is not null`

t.test('a rebuild makes new tables like the old ones, with the same rights', async (t) => {
  const { url, client } = await openClone(t)
  await client.query(`insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0)`)
  const grants = `select string_agg(format('%s %s', relname, relacl), ', ' order by relname) from pg_class
    where relname = any (rollup_tables()) and relnamespace = 'public'::regnamespace`
  const [schema, rights, old] = [
    await dumpSchema(client, 'constants'),
    await valueOf(client, grants),
    (await valueOf(client, oids)) as string[],
  ]
  t.match(rights, /rollup_days \{.*comanda_worker=arw\/.*comanda_analytics=r\//)
  t.equal(await rebuildRollups(url), 0)
  t.equal(await dumpSchema(client, 'constants'), schema)
  t.equal(await valueOf(client, grants), rights)
  const now = (await valueOf(client, oids)) as string[]
  t.equal(now.length, ((await valueOf(client, tables)) as string[]).length)
  t.same(
    now.filter((oid) => old.includes(oid)),
    [],
    'none of them is an old one',
  )
})

t.test('what a rebuild left that was not finished is thrown away by the next', async (t) => {
  const { url, client } = await openClone(t)
  await client.query('select begin_rollups_rebuild()')
  await client.query(
    `insert into rollups_rebuild.rollup_statuses values (gen_random_uuid(), '2026-01-01', 'placed', 7)`,
  )
  t.equal(await valueOf(client, leftOver), true)
  await rebuildRollups(url)
  t.equal(await valueOf(client, leftOver), false)
  t.equal(await valueOf(client, 'select count(*)::int from rollup_statuses'), 0)
  t.same(
    await valueOf(client, `select array_agg(consumer) from event_positions where consumer ~ 'rollups'`),
    ['rollups'],
  )
})

t.test('one rebuild at a time', async (t) => {
  const { url, client } = await openClone(t)
  await client.query(`select pg_advisory_lock(hashtextextended('comanda rollups rebuild', 0))`)
  await t.rejects(rebuildRollups(url), {
    message: 'Another process is rebuilding the rollups of this database.',
  })
  await client.query(`select pg_advisory_unlock(hashtextextended('comanda rollups rebuild', 0))`)
  t.equal(await rebuildRollups(url), 0)
})

t.test('a table on which something depends is not dropped', async (t) => {
  const { url, client } = await openClone(t)
  await client.query('create view busiest as select * from rollup_days order by placed desc limit 1')
  const before = await valueOf(client, oids)
  await t.rejects(rebuildRollups(url), { code: '2BP01' })
  t.same(await valueOf(client, oids), before)
  t.equal(await valueOf(client, 'select count(*)::int from busiest'), 0)
})

t.test('the command says how many events it counted, and what it lacks', async (t) => {
  const { url } = await openClone(t)
  const run = (env: Record<string, string>) => {
    const { DATABASE_URL: _, ...others } = process.env
    const { status, stdout, stderr } = spawnSync(process.execPath, [command], {
      env: { ...others, ...env },
      encoding: 'utf8',
    })
    return { status, output: stdout + stderr }
  }
  t.match(run({ DATABASE_URL: url }), { status: 0, output: 'the rollups were rebuilt from 0 events\n' })
  t.match(run({}), { status: 1, output: /^DATABASE_URL is missing/ })
})
