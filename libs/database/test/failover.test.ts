import { setTimeout as sleep } from 'node:timers/promises'
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  databaseChecks,
  migrate,
} from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { type Kysely, sql } from 'kysely'
import t, { type Test } from 'tap'
import { testOptions } from './open-database.ts'
import { startRelay } from './relay.ts'

type Server = Stack['postgres']['primary']
type Stack = Awaited<ReturnType<typeof startTemporaryStack>>

const urlOf = (...ports: number[]) =>
  `postgres://comanda:comanda@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/comanda`

async function startServers(t: Test): Promise<{ stack: Stack; servers: [Server, Server, Server] }> {
  const stack = await startTemporaryStack({ postgres: { standbys: 2 } })
  t.teardown(() => stack.stop())
  const servers = [...stack.postgres.servers] as [Server, Server, Server]
  const database = open(t, { url: stack.primaryUrl })
  await migrate(database.primary as unknown as Kysely<never>)
  for (const standby of stack.postgres.standbys) await stack.postgres.waitForReplay(standby)
  return { stack, servers }
}

function open(t: Test, overrides: Partial<DatabaseOptions>): Database {
  const database = createDatabase(testOptions('', { statementMilliseconds: 30_000, ...overrides }))
  t.teardown(() => database.close())
  return database
}

const write = (database: Database, key: string) =>
  sql`insert into settings (key, value) values (${key}, '1')`.execute(database.primary)

const keysOn = async (server: Server) => {
  const database = createDatabase(testOptions(urlOf(server.port)))
  try {
    const { rows } = await sql<{ key: string }>`select key from settings`.execute(database.primary)
    return new Set(rows.map(({ key }) => key))
  } finally {
    await database.close()
  }
}

/** Writes one key after the other until stopped; knows which were acknowledged, and how the others failed. */
function keepWriting(database: Database, prefix: string) {
  const acknowledged: { key: string; at: number }[] = []
  const failures: unknown[] = []
  let stopped = false
  async function run(writer: number): Promise<void> {
    for (let number = 0; !stopped; number += 1) {
      const key = `${prefix}-${writer}-${number}`
      await write(database, key).then(
        () => acknowledged.push({ key, at: Date.now() }),
        (error: unknown) => failures.push(error),
      )
      await sleep(5)
    }
  }
  const writers = Promise.all([1, 2, 3, 4].map(run))
  return {
    acknowledged,
    failures,
    /** Resolves with the milliseconds from then until a write is acknowledged. */
    async nextAfter(then: number): Promise<number> {
      const find = () => acknowledged.find(({ at }) => at > then)
      while (find() === undefined) await sleep(5)
      return (find()?.at ?? 0) - then
    },
    async stop(): Promise<void> {
      stopped = true
      await writers
    },
  }
}

const unavailable = ['database_unavailable 503, again after 2 s']

const kindsOf = (failures: unknown[]) => {
  const kinds = (failures as { code: string; status: number; retryAfterSeconds: number }[]).map(
    ({ code, status, retryAfterSeconds }) => `${code} ${status}, again after ${retryAfterSeconds} s`,
  )
  return [...new Set(kinds)]
}

const checksOf = (database: Database) =>
  Promise.all(
    databaseChecks(database, { maximumLagMilliseconds: 5000 }).map(({ check }) =>
      check().catch(() => ({ status: 'unhealthy' })),
    ),
  )

t.test('writes follow a promoted standby, and never an old primary that returns', async (t) => {
  const { stack, servers } = await startServers(t)
  const [first, second, third] = servers
  const lines: [object, string][] = []
  const log = {
    warn: (context: object, message: string) => lines.push([context, message]),
    info: () => {},
  }
  const database = open(t, {
    url: urlOf(...servers.map(({ port }) => port)),
    replicas: servers.map(({ port }) => ({ purpose: 'catalogue', url: urlOf(port) })),
    log,
  })
  const writing = keepWriting(database, 'kill')
  await writing.nextAfter(Date.now())
  while (database.nodes[0].timeline === null) await sleep(10)

  await stack.postgres.stopServer(first, 'kill')
  while (writing.failures.length === 0) await sleep(5)
  t.match((await checksOf(database))[0], { status: 'degraded', details: { writable: false } })
  const promotedAt = Date.now()
  await stack.postgres.promote(second)
  t.comment(
    `writes were acknowledged again ${await writing.nextAfter(promotedAt)} ms after the promotion was asked for`,
  )
  const moved = { from: `127.0.0.1:${first.port}`, to: `127.0.0.1:${second.port}`, timeline: 2 }
  t.match(
    lines.filter(([, message]) => message === 'database primary moved'),
    [[moved, 'database primary moved']],
  )

  // As nobody should: it has not noticed anything and takes writes.
  await stack.postgres.startServer(first)
  const returnedAt = Date.now()
  await writing.nextAfter(returnedAt + 2000)
  await writing.stop()
  t.strictSame(kindsOf(writing.failures), unavailable)
  const [oldKeys, newKeys] = [await keysOn(first), await keysOn(second)]
  const since = writing.acknowledged.filter(({ at }) => at > promotedAt).map(({ key }) => key)
  t.ok(since.length > 0 && since.every((key) => newKeys.has(key)))
  t.notOk(since.some((key) => oldKeys.has(key)))
  t.match(
    await checksOf(database),
    [
      { status: 'healthy', details: { writable: true } },
      { status: 'unhealthy', details: { leftBehind: true } },
      { status: 'healthy', details: { lagSeconds: 0 } },
      { status: 'healthy' },
    ],
    'the old primary is told apart, and so is the standby that was promoted',
  )

  t.equal((await answering(database)).has(first.port), false, 'nor is it read')
  await stack.postgres.stopServer(second, 'immediate')
  await t.rejects(write(database, 'nowhere'), { code: 'database_unavailable' })
  await sleep(500)
  await t.rejects(
    write(database, 'nowhere'),
    { code: 'database_unavailable' },
    'not even when it is all there is',
  )
  await stack.postgres.stopServer(first, 'immediate')
  await stack.postgres.promote(third)
  while (!(await write(database, `third-${Date.now()}`).catch(() => false))) await sleep(20)
})

async function answering(database: Database): Promise<Set<number>> {
  const ports = new Set<number>()
  for (let look = 0; look < 20; look += 1) {
    const { rows } = await database.read('catalogue', (db) =>
      sql<{ port: string }>`select current_setting('port') as port`.execute(db),
    )
    ports.add(Number(rows[0]?.port))
  }
  return ports
}

t.test('a service that starts after the promotion finds the newest primary, in whatever order', async (t) => {
  const { stack, servers } = await startServers(t)
  const [first, second, third] = servers
  await stack.postgres.promote(third)
  await stack.postgres.startServer(first)
  const hosts = urlOf(first.port, second.port, third.port)
  const database = open(t, { url: hosts })
  await write(database, 'found')
  t.ok((await keysOn(third)).has('found'))
  t.notOk((await keysOn(first)).has('found'))

  const nobody = open(t, { url: urlOf(second.port, 1) })
  await t.rejects(write(nobody, 'never'), { code: 'database_unavailable', retryAfterSeconds: 2 })
})

t.test('one host that is led to the promoted standby is followed, silent connections included', async (t) => {
  const { stack, servers } = await startServers(t)
  const [first, second, third] = servers
  const relay = await startRelay(t, first.port)
  const database = open(t, { url: urlOf(relay.port), max: 4 })
  const writing = keepWriting(database, 'relay')
  await writing.nextAfter(Date.now())

  await t.test('a planned switch: the old primary is shut down', async (t) => {
    await stack.postgres.stopServer(first, 'fast')
    await stack.postgres.promote(second)
    const at = Date.now()
    relay.pointTo(second.port)
    t.comment(`writes were acknowledged again after ${await writing.nextAfter(at)} ms`)
  })

  await t.test('a primary that vanishes: nothing is closed, nothing is answered', async (t) => {
    relay.freeze()
    await stack.postgres.rejoin(first)
    await stack.postgres.promote(first)
    const at = Date.now()
    relay.pointTo(first.port)
    t.comment(`writes were acknowledged again after ${await writing.nextAfter(at)} ms`)
  })

  await t.test('led to a standby for a while: writes are refused and work again afterwards', async (t) => {
    const before = writing.failures.length
    relay.pointTo(third.port)
    const beside = open(t, { url: urlOf(first.port), applicationName: 'beside' })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'database-test'`.execute(
      beside.primary,
    )
    while (writing.failures.length < before + 10) await sleep(10)
    // It answers, so reads go on.
    while ((await checksOf(database))[0]?.status !== 'degraded') await sleep(10)
    while (database.nodes[0].writable) await sleep(10)
    t.pass('it is known not to take writes')
    relay.pointTo(first.port)
    await writing.nextAfter(Date.now())
  })
  await writing.stop()
  t.strictSame(kindsOf(writing.failures), unavailable)
})

t.test('a transaction that is under way when the primary moves fails as a whole', async (t) => {
  const { stack, servers } = await startServers(t)
  const [first, second] = servers
  const database = open(t, { url: urlOf(first.port, second.port) })
  await t.rejects(
    database.primary.transaction().execute(async (tx) => {
      await sql`insert into settings (key, value) values ('half', '1')`.execute(tx)
      await stack.postgres.promote(second)
      await sql`insert into settings (key, value) values ('other half', '1')`.execute(tx)
    }),
    { code: 'database_unavailable' },
  )
  while (!(await write(database, 'afterwards').catch(() => false))) await sleep(20)
  t.strictSame(await keysOn(second), new Set(['afterwards']))
})
