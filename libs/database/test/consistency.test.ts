import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, DatabaseOptions, Position, ReadOptions, Statement } from '@comanda/database'
import { unknownPosition } from '@comanda/database'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { open, type Server, startServers, urlOf, write } from './failover-fixture.ts'

const { stack, servers } = await startServers(t)
const [, first, second] = servers

/** A database whose catalogue is read from one of the standbys, which may lag as it likes. */
async function openOn(
  t: Test,
  standbyPort: number,
  overrides: Partial<DatabaseOptions> = {},
): Promise<Database> {
  const database = open(t, {
    url: stack.primaryUrl,
    replicas: [{ purpose: 'catalogue', url: urlOf(standbyPort) }],
    maximumLagMilliseconds: 600_000,
    probeMilliseconds: 100,
    ...overrides,
  })
  while (database.nodes[1]?.lagMilliseconds == null) await sleep(5)
  return database
}

interface Seen {
  /** Whether the row was there. */
  found: boolean
  by: 'primary' | 'replica'
}

async function readKey(database: Database, key: string, options?: ReadOptions): Promise<Seen> {
  return database.read(
    'catalogue',
    async (db) => {
      // Two statements run at once, as when a numbered page is read.
      const [{ rows }, { rows: servers }] = await Promise.all([
        sql`select from settings where key = ${key}`.execute(db),
        sql<{ replica: boolean }>`select pg_is_in_recovery() as replica`.execute(db),
      ])
      return { found: rows.length === 1, by: servers[0]?.replica ? 'replica' : 'primary' }
    },
    options,
  )
}

async function writeAndLocate(database: Database, key: string): Promise<Position> {
  await write(database, key)
  return database.position()
}

async function paused(standby: Server, work: () => Promise<void>): Promise<void> {
  await stack.postgres.pauseReplay(standby)
  try {
    await work()
  } finally {
    await stack.postgres.resumeReplay(standby)
    await stack.postgres.waitForReplay(standby)
  }
}

t.test(
  'who carries the position of a write reads it, whether or not a replica has replayed it',
  async (t) => {
    const database = await openOn(t, first.port)
    let after = ''
    await paused(first, async () => {
      after = await writeAndLocate(database, 'paused')
      t.match(after, /^[0-9a-f]{16}$/)
      t.strictSame(
        await readKey(database, 'paused'),
        { found: false, by: 'replica' },
        'without it, it is old',
      )
      t.strictSame(await readKey(database, 'paused', { after }), { found: true, by: 'primary' })
    })
    t.strictSame(
      await readKey(database, 'paused', { after }),
      { found: true, by: 'replica' },
      'once replayed',
    )
  },
)

t.test('a replica that streams is given the moment that it needs', async (t) => {
  const database = await openOn(t, first.port)
  const by = { primary: 0, replica: 0 }
  for (let number = 0; number < 200; number += 1) {
    const key = `streamed-${number}`
    const seen = await readKey(database, key, { after: await writeAndLocate(database, key) })
    t.ok(seen.found, key)
    by[seen.by] += 1
  }
  t.ok(by.replica > by.primary, `${by.replica} of 200 answered by the replica`)
})

t.test('how far a server was is remembered with the connection', async (t) => {
  const questions: string[] = []
  const onStatement = ({ text }: Statement) => {
    if (text.includes('pg_last_wal_replay_lsn')) questions.push(text)
  }
  const database = await openOn(t, first.port, { onStatement })
  const after = await writeAndLocate(database, 'remembered')
  await stack.postgres.waitForReplay(first)
  for (let read = 0; read < 10; read += 1) await readKey(database, 'remembered', { after })
  t.equal(questions.length, 1, 'ten reads over one connection asked once')
})

t.test('a position that was never given out stands for the present of the primary', async (t) => {
  const database = await openOn(t, first.port)
  await write(database, 'present')
  const after = unknownPosition
  async function readPresent(): Promise<Seen> {
    const seen = await readKey(database, 'present', { after })
    t.ok(seen.found)
    return seen
  }
  await readPresent()
  await stack.postgres.waitForReplay(first)
  // On a busy machine the primary's position may come too late for the replica to be asked.
  while ((await readPresent()).by === 'primary') await sleep(20)
  await paused(first, async () => {
    await write(database, 'made up')
    t.strictSame(await readKey(database, 'made up', { after }), { found: true, by: 'primary' })
    t.strictSame(await readKey(database, 'made up', { after: 'no position' }), { found: true, by: 'primary' })
  })
})

t.test('what a replica does not have is read from the primary before it is reported missing', async (t) => {
  const database = await openOn(t, first.port)
  const find = (key: string) =>
    database.find('catalogue', async (db) => {
      const { rows } = await sql<{ key: string }>`select key from settings where key = ${key}`.execute(db)
      return rows[0]?.key
    })
  await paused(first, async () => {
    await write(database, 'new')
    t.equal(await find('new'), 'new')
    t.equal(await find('nowhere'), undefined)
  })
})

t.test('concurrent reads of the position share one statement', async (t) => {
  let questions = 0
  const onStatement = ({ text }: Statement) => {
    if (text.includes('pg_current_wal_flush_lsn')) questions += 1
  }
  const database = await openOn(t, first.port, { max: 50, onStatement })
  const positions = await Promise.all(Array.from({ length: 1000 }, () => database.position()))
  t.equal(new Set(positions).size, 1)
  t.equal(questions, 1, 'a thousand at once')

  questions = 0
  await paused(first, async () => {
    const keys = Array.from({ length: 1000 }, (_, number) => `many-${number}`)
    const tokens = await Promise.all(keys.map((key) => writeAndLocate(database, key)))
    t.ok(questions < 500, `${questions} questions after a thousand writes`)
    for (const number of [0, 500, 999]) {
      const seen = await readKey(database, keys[number] as string, { after: tokens[number] })
      t.strictSame(seen, { found: true, by: 'primary' })
    }
  })
})

t.test('servers that share a name are distinguished', async (t) => {
  const name = await balance(t, [first.port, second.port])
  const database = await openOn(t, name, { max: 4 })
  await paused(first, async () => {
    const by = new Set<string>()
    for (let round = 0; round < 10; round += 1) {
      const key = `shared-${round}`
      const after = await writeAndLocate(database, key)
      await stack.postgres.waitForReplay(second)
      const reads = Array.from({ length: 8 }, () => readKey(database, key, { after }))
      for (const seen of await Promise.all(reads)) {
        t.ok(seen.found)
        by.add(seen.by)
      }
    }
    t.ok(by.has('replica'), 'and the one that is not behind is used')
  })
})

/** A port whose connections lead to one server after the other. */
async function balance(t: Test, ports: number[]): Promise<number> {
  const sockets = new Set<Socket>()
  let next = 0
  const proxy = createServer((client) => {
    const server = connect(ports[next++ % ports.length] as number, '127.0.0.1')
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.pipe(server).pipe(client)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return (proxy.address() as AddressInfo).port
}

t.test('a replica that is away costs its readers nothing', async (t) => {
  const database = await openOn(t, first.port)
  const after = await writeAndLocate(database, 'away')
  await stack.postgres.stopServer(first, 'immediate')
  t.strictSame(await readKey(database, 'away', { after }), { found: true, by: 'primary' })
  await stack.postgres.startServer(first)
  while ((await readKey(database, 'away', { after })).by === 'primary') await sleep(20)
})

t.test('after a failover that lost the last writes, positions from before hold nobody up', async (t) => {
  const { primary } = stack.postgres
  const hosts = servers.map(({ port }) => port)
  const database = await openOn(t, second.port, { url: urlOf(...hosts) })
  const kept = await writeAndLocate(database, 'kept')
  for (const standby of [first, second]) {
    await stack.postgres.waitForReplay(standby)
    await stack.postgres.stopServer(standby, 'immediate')
  }
  const lost = await writeAndLocate(database, `lost ${'x'.repeat(1000)}`)
  await stack.postgres.stopServer(primary, 'kill')
  t.equal(await database.position(), unknownPosition, 'with the primary away no write is held up')
  await t.rejects(readKey(database, 'kept', { after: lost }), { code: 'database_unavailable' })

  for (const standby of [first, second]) await stack.postgres.startServer(standby)
  while (!database.nodes[1]?.reachable) await sleep(5)
  t.strictSame(
    await readKey(database, 'kept', { after: kept }),
    { found: true, by: 'replica' },
    'what was replayed can be read without a primary',
  )
  await t.rejects(
    readKey(database, 'kept', { after: lost }),
    { code: 'database_unavailable' },
    'what was not, cannot',
  )

  await stack.postgres.promote(first)
  while (!(await write(database, `since-${Date.now()}`).catch(() => false))) await sleep(20)
  // The primary answers until the monitor has seen that the replica streams again.
  while ((await readKey(database, 'kept', { after: lost })).by === 'primary') await sleep(20)
  t.ok((await database.position()) < lost, 'although the position of the lost write is still to come')
  const after = await writeAndLocate(database, 'afterwards')
  t.match(await readKey(database, 'afterwards', { after }), { found: true })
})
