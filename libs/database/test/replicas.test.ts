import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, type Database, databaseChecks, migrate, type ReadNeed } from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { testOptions } from './open-database.ts'

const stack = await startTemporaryStack({ postgres: { standbys: 1 } })
t.teardown(() => stack.stop())

function open(overrides = {}): Database {
  const [replicaUrl] = stack.replicaUrls
  return createDatabase(
    testOptions(stack.primaryUrl, {
      replicas: [{ purpose: 'catalogue', url: replicaUrl as string }],
      probeMilliseconds: 50,
      // The wait is what is tested.
      maximumLagMilliseconds: 200,
      ...overrides,
    }),
  )
}

async function answeredBy(database: Database, need: ReadNeed): Promise<'primary' | 'replica'> {
  return database.read(need, async (db) => {
    const { rows } = await sql<{ replica: boolean }>`select pg_is_in_recovery() as replica`.execute(db)
    return rows[0]?.replica ? 'replica' : 'primary'
  })
}

/** Waits until something holds; the test's own time-out ends it otherwise. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

t.test('reads go where they fit, and follow a lagging, lost and recovered server', async (t) => {
  await migrate(stack.primaryUrl)
  const database = open()
  t.teardown(() => database.close())
  const standby = stack.postgres.standbys[0] as (typeof stack.postgres.standbys)[number]
  const primary = stack.postgres.primary
  const checks = () =>
    Promise.all(databaseChecks(database).map(({ check }) => check().catch(() => ({ status: 'unhealthy' }))))

  t.equal(await answeredBy(database, 'primary'), 'primary')
  await until(async () => (await answeredBy(database, 'catalogue')) === 'replica')
  t.equal(
    await answeredBy(database, 'reports'),
    'replica',
    'any fit replica serves a purpose without one of its own',
  )
  t.match(await checks(), [{ status: 'healthy', details: { writable: true } }, { status: 'healthy' }])

  await stack.postgres.pauseReplay(standby)
  await sql`insert into settings (key, value) values ('lag', '1')`.execute(database.primary)
  await until(async () => (await answeredBy(database, 'catalogue')) === 'primary')
  t.match(
    await checks(),
    [{ status: 'healthy' }, { status: 'degraded' }],
    'a lagging replica has left the rotation',
  )
  const started = open()
  t.equal(await answeredBy(started, 'catalogue'), 'primary', 'for a process that starts now too')
  await until(() => started.nodes[1]?.lagMilliseconds !== null)
  t.equal(await answeredBy(started, 'catalogue'), 'primary')
  await started.close()

  await stack.postgres.resumeReplay(standby)
  await until(async () => (await answeredBy(database, 'catalogue')) === 'replica')
  t.pass('and comes back when it has caught up')

  const begun = open()
  t.equal(await answeredBy(begun, 'analytics'), 'replica', 'also for the first read of a process')
  await begun.close()

  await stack.postgres.stopServer(standby, 'immediate')
  t.equal(
    await answeredBy(database, 'catalogue'),
    'primary',
    'the read that meets a dead replica is answered all the same',
  )
  await stack.postgres.startServer(standby)
  await until(async () => (await answeredBy(database, 'catalogue')) === 'replica')

  await stack.postgres.stopServer(primary, 'immediate')
  t.equal(
    await answeredBy(database, 'primary'),
    'replica',
    'while the primary is away the newest replica answers',
  )
  await t.rejects(sql`insert into settings (key, value) values ('lost', '1')`.execute(database.primary), {
    code: 'database_unavailable',
  })
  t.match(await checks(), [{ status: 'degraded', details: { writable: false } }, { status: 'healthy' }])

  await stack.postgres.stopServer(standby, 'immediate')
  await t.rejects(
    answeredBy(database, 'catalogue'),
    { code: 'database_unavailable' },
    'with nothing left the read says so',
  )
  t.match(await checks(), [{ status: 'unhealthy' }, { status: 'unhealthy' }])

  await stack.postgres.startServer(primary)
  await stack.postgres.startServer(standby)
  await until(async () => (await answeredBy(database, 'primary')) === 'primary')
  await sql`insert into settings (key, value) values ('back', '1')`.execute(database.primary)
  t.pass('writes work again without a new pool')
})

t.test('a statement that fails for its own reasons is not tried elsewhere', async (t) => {
  const database = open()
  t.teardown(() => database.close())
  let calls = 0
  await t.rejects(
    database.read('primary', (db) => {
      calls += 1
      return sql`select 1 / 0`.execute(db)
    }),
    { code: '22012' },
  )
  t.equal(calls, 1)
})

t.test('heavy reads stay away from the primary and from replicas of the catalogue', async (t) => {
  const [url] = stack.replicaUrls as [string]
  const standby = stack.postgres.standbys[0] as (typeof stack.postgres.standbys)[number]
  const database = open({
    replicas: [
      { purpose: 'analytics', url },
      { purpose: 'catalogue', url: 'postgres://nobody@127.0.0.1:1/none' },
    ],
  })
  t.teardown(() => database.close())
  const [, replica] = database.nodes
  await until(() => replica?.inRotation === true)
  t.equal(await answeredBy(database, 'analytics'), 'replica')
  t.equal(await answeredBy(database, 'reports'), 'replica', 'which serves reports too')

  await stack.postgres.pauseReplay(standby)
  await sql`insert into settings (key, value) values ('behind', '1')`.execute(database.primary)
  await until(() => replica?.inRotation === false)
  t.equal(await answeredBy(database, 'analytics'), 'replica', 'a replica that lags is better than none')
  t.match(await databaseChecks(database)[1]?.check(), { status: 'degraded', details: { inRotation: false } })
  await stack.postgres.resumeReplay(standby)
  await until(() => replica?.inRotation === true)

  await stack.postgres.stopServer(standby, 'immediate')
  await t.rejects(answeredBy(database, 'analytics'), { code: 'database_unavailable' }, 'not even now')
  await stack.postgres.startServer(standby)
  await until(async () => (await answeredBy(database, 'analytics').catch(() => '')) === 'replica')

  const onPrimary = open({ replicas: [{ purpose: 'analytics', url: stack.primaryUrl }] })
  t.teardown(() => onPrimary.close())
  await until(() => onPrimary.nodes[1]?.inRotation === true)
  await t.rejects(
    answeredBy(onPrimary, 'analytics'),
    { code: 'database_unavailable' },
    'nor when the replica of theirs was promoted',
  )

  const alone = open({ replicas: [] })
  t.teardown(() => alone.close())
  t.equal(
    await answeredBy(alone, 'reports'),
    'primary',
    'where there are no replicas at all there is no other',
  )
})
