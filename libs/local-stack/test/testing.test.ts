import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { test } from 'tap'
import { asSuperuser } from '#src/postgres/connection.ts'
import { cloneName, dropAbandonedClones, ensureTemplate, templateName } from '#src/template-database.ts'
import { cloneTestDatabase, startTemporaryStack, testRedisNodes } from '#src/testing.ts'
import { query } from './query.ts'

test('a test file gets a database of its own, on the standby too, and leaves nothing behind', async (t) => {
  const [one, other] = await Promise.all([cloneTestDatabase(), cloneTestDatabase()])
  await query(one.url, 'create table mine ()')
  t.same(await query(other.url, `select to_regclass('mine') as mine`), [{ mine: null }])
  const [seen] = await query(
    one.replicaUrl,
    'select current_database() as name, pg_is_in_recovery() as standby',
  )
  t.same(seen, { name: one.name, standby: true })
  await Promise.all([one.drop(), other.drop()])
  await t.rejects(query(one.url, 'select 1'), { code: '3D000' })
})

test('a connection left open fails the test that left it', async (t) => {
  const database = await cloneTestDatabase()
  const leaked = new pg.Client({ connectionString: database.url, application_name: 'leaky pool' })
  leaked.on('error', () => {})
  await leaked.connect()
  await t.rejects(database.drop(), /left open by: leaky pool/)
  await leaked.end()
  await t.rejects(query(database.url, 'select 1'), { code: '3D000' }, 'it is dropped all the same')
})

test('the Redis Cluster of the tests has six nodes', async (t) => {
  t.equal(testRedisNodes().split(',').length, 6)
})

test('the template is made anew when its fingerprint changes, and only then', async (t) => {
  const stack = await startTemporaryStack({ postgres: { standbys: 0 } })
  const { port } = stack.postgres.primary
  const migrate = (table: string) => async (url: string) => {
    await query(url, `create table ${table} ()`)
  }
  t.equal(await ensureTemplate({ port, fingerprint: 'one', migrate: migrate('one') }), true)
  t.equal(await ensureTemplate({ port, fingerprint: 'one', migrate: migrate('never') }), false)
  t.equal(await ensureTemplate({ port, fingerprint: 'two', migrate: migrate('two') }), true)
  const tables = `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`
  const found = await asSuperuser(port, (session) => session.query(tables), templateName)
  t.same(found, [{ relname: 'two' }])

  const ended = spawnSync('true').pid
  const living = cloneName(process.pid, 99)
  await asSuperuser(port, async (session) => {
    await session.query(`create database ${cloneName(ended, 1)}`)
    await session.query(`create database ${living}`)
  })
  await dropAbandonedClones(port)
  const clones = `select datname as name from pg_database where datname like 'test%'`
  t.same(await asSuperuser(port, (session) => session.query(clones)), [{ name: living }])
  await stack.stop()
})
