import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { asSuperuser } from '#src/postgres/connection.ts'
import { isRunning } from '#src/postgres/server.ts'
import { startTemporaryStack } from '#src/testing.ts'
import { query } from './query.ts'

const stack = await startTemporaryStack({ postgres: { standbys: 1 } })
const { postgres } = stack
const [standby] = postgres.standbys
if (standby === undefined) throw new Error('the stack has no standby')

test('a start from nothing gives a primary and a standby that streams from it', async (t) => {
  await query(stack.primaryUrl, 'create table notes (text text)')
  await query(stack.primaryUrl, `insert into notes values ('hello')`)
  await postgres.waitForReplay(standby)
  t.same(await query(stack.replicaUrls[0] ?? '', 'select text from notes'), [{ text: 'hello' }])
  await t.rejects(query(stack.replicaUrls[0] ?? '', `insert into notes values ('x')`), { code: '25006' })
})

test('role comanda owns its database and may create others, but is no superuser', async (t) => {
  const [role] = await query(
    stack.primaryUrl,
    'select rolsuper as super, rolcreatedb as createdb from pg_roles where rolname = current_user',
  )
  t.same(role, { super: false, createdb: true })
  t.same(await query(stack.primaryUrl, 'select count(*) > 0 as measured from pg_stat_statements'), [
    { measured: true },
  ])
})

test('starting what runs leaves every server alone', async (t) => {
  const startedAt = () => query(stack.primaryUrl, 'select pg_postmaster_start_time()')
  const before = await startedAt()
  await postgres.start()
  t.same(await startedAt(), before)
})

test('a pid file left by a killed server is not believed, whoever has that number now', async (t) => {
  await postgres.stop('kill')
  for (const server of postgres.servers)
    writeFileSync(join(server.directory, 'postmaster.pid'), `${process.pid}\n`)
  t.notOk(isRunning(postgres.primary), 'this test process is not taken for Postgres')
  await postgres.start()
  t.same(await query(stack.primaryUrl, 'select text from notes'), [{ text: 'hello' }], 'nothing was lost')
})

test('half a standby is made anew, half a primary is too', async (t) => {
  await postgres.stopServer(standby, 'kill')
  rmSync(join(standby.directory, 'standby.signal'))
  await postgres.start()
  t.same(await query(stack.replicaUrls[0] ?? '', 'select text from notes'), [{ text: 'hello' }])

  await postgres.stop('kill')
  rmSync(join(postgres.primary.directory, 'PG_VERSION'))
  await postgres.start()
  t.same(await query(stack.primaryUrl, `select to_regclass('notes') as notes`), [{ notes: null }])
  const [following] = await query(stack.replicaUrls[0] ?? '', 'select pg_is_in_recovery() as standby')
  t.same(following, { standby: true }, 'the standby follows the new primary, not the one that is gone')
})

test('replay can be held back and resumed', async (t) => {
  await postgres.pauseReplay(standby)
  await query(stack.primaryUrl, 'create table late ()')
  await t.rejects(postgres.waitForReplay(standby, 300), /lags/)
  await postgres.resumeReplay(standby)
  await postgres.waitForReplay(standby)
  t.same(await query(stack.replicaUrls[0] ?? '', `select to_regclass('late')::text as late`), [
    { late: 'late' },
  ])
})

test('a standby takes over, and the old primary comes back as its standby', async (t) => {
  const old = postgres.primary
  await postgres.stopServer(old, 'kill')
  await postgres.promote(standby)
  t.equal(postgres.primary, standby)
  await query(stack.primaryUrl, 'create table afterwards ()')
  await postgres.rejoin(old)
  await postgres.waitForReplay(old)
  t.same(postgres.standbys, [old])
  const [row] = await query(stack.replicaUrls[0] ?? '', `select to_regclass('afterwards')::text as name`)
  t.same(row, { name: 'afterwards' })
})

test('a standby that has missed what the primary keeps is copied anew', async (t) => {
  const [behind] = postgres.standbys
  if (behind === undefined) throw new Error('the stack has no standby')
  await postgres.stopServer(behind, 'fast')
  await asSuperuser(postgres.primary.port, async (session) => {
    await session.query(`select pg_drop_replication_slot('${behind.name.replace('-', '_')}')`)
    for (let segment = 0; segment < 3; segment += 1) {
      await session.query('select pg_switch_wal()')
      await session.query('create table if not exists filler ()')
      await session.query('checkpoint')
    }
  })
  await postgres.start()
  await postgres.waitForReplay(behind)
  t.ok(isRunning(behind))
})

test('the stack removes itself', async (t) => {
  await stack.stop()
  t.notOk(postgres.servers.some(isRunning))
})
