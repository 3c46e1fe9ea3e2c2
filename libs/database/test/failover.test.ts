import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@comanda/database'
import { sql } from 'kysely'
import t from 'tap'
import {
  checksOf,
  keepWriting,
  keysOn,
  kindsOf,
  open,
  startServers,
  unavailable,
  urlOf,
  write,
} from './failover-fixture.ts'

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

  // The old primary is started as it was, which nobody should do: it has not noticed the promotion and takes writes.
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
    'the old primary is recognised, and so is the standby that was promoted',
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
  for (let attempt = 0; attempt < 20; attempt += 1) {
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
