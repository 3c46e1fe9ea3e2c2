import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { watchSessionRevocations } from '@comanda/access/sessions'
import { createDatabase, databaseOptions } from '@comanda/database'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { startTestApp } from '../app.ts'
import { addUser } from '../builders.ts'
import { bearer, registered } from './people.ts'

const test = await startTestApp(t)
const { call, database, config } = test
const db = database.primary

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await delay(20)
}

function end(sessionId: string, secondsAgo = 0) {
  const revokedAt = sql<string>`now() - make_interval(secs => ${secondsAgo})`
  return db.updateTable('sessions').set({ revokedAt }).where('id', '=', sessionId).execute()
}

t.test('a session that one process ends is refused by the others soon after', async (t) => {
  const other = await startTestApp(t, { DATABASE_URL: config.DATABASE_URL })
  const tokens = await registered(test)
  const headers = bearer(tokens)
  t.equal((await other.call({ url: '/v1/me', headers })).status, 200)
  await call({ method: 'POST', url: '/v1/auth/logout', headers })
  t.equal((await call({ url: '/v1/me', headers })).status, 401, 'at once where it was ended')
  await until(async () => (await other.call({ url: '/v1/me', headers })).status === 401)
  const refused = await other.call({ url: '/v1/me', headers })
  t.match(refused, { status: 401, body: { code: 'session_revoked' } })
})

t.test('a process that starts knows what was ended before, as far back as tokens live', async (t) => {
  const [lately, longAgo, never] = await Promise.all([addUser(db), addUser(db), addUser(db)])
  await end(lately.caller.sessionId, 890)
  await end(longAgo.caller.sessionId, 1000)
  const log = { warn: () => {}, info: () => {} }
  const revocations = await watchSessionRevocations({ database, lifetimeSeconds: 900, log })
  t.teardown(revocations.close)
  t.equal(revocations.has(lately.caller.sessionId), true)
  t.equal(revocations.has(longAgo.caller.sessionId), false)
  t.equal(revocations.has(never.caller.sessionId), false)
})

t.test(
  'ended sessions stay refused while the database is away, and new ones are known when it is back',
  async (t) => {
    const wire = await startWire(t, new URL(config.DATABASE_URL))
    const said: string[] = []
    const log = {
      warn: (_context: object, message: string) => said.push(message),
      info: (_context: object, message: string) => said.push(message),
    }
    const silent = { warn: () => {}, info: () => {} }
    const distant = createDatabase({
      ...databaseOptions({ ...config, DATABASE_URL: wire.url, DATABASE_POOL_MAX: 2 }, 'revocations-test'),
      log: silent,
    })
    const [before, meanwhile] = [await addUser(db), await addUser(db)]
    await end(before.caller.sessionId)
    const revocations = await watchSessionRevocations({
      database: distant,
      lifetimeSeconds: 900,
      intervalMilliseconds: 20,
      log,
    })
    t.teardown(async () => {
      await revocations.close()
      await distant.close()
    })
    t.ok(revocations.has(before.caller.sessionId))

    wire.cut()
    await until(() => said.length > 0)
    const own = randomUUID()
    revocations.add([own])
    await end(meanwhile.caller.sessionId)
    await delay(100)
    t.ok(revocations.has(before.caller.sessionId))
    t.ok(revocations.has(own))
    t.notOk(revocations.has(meanwhile.caller.sessionId))

    wire.mend()
    await until(() => revocations.has(meanwhile.caller.sessionId))
    t.ok(revocations.has(before.caller.sessionId))
    t.strictSame(said, [
      'ended sessions cannot be read; the known ones stay refused',
      'ended sessions are known again',
    ])
  },
)

t.test('a session is forgotten when no token of its can be valid any more', async (t) => {
  const log = { warn: () => {}, info: () => {} }
  const revocations = await watchSessionRevocations({
    database,
    lifetimeSeconds: 900,
    intervalMilliseconds: 20,
    log,
  })
  t.teardown(revocations.close)
  const id = randomUUID()
  revocations.add([id])
  t.ok(revocations.has(id))
  const later = Date.now() + 961_000
  t.intercept(Date, 'now', { value: () => later })
  await until(() => !revocations.has(id))
  t.notOk(revocations.has(id))
})

/** A connection to Postgres that can be cut and mended. */
async function startWire(t: Test, target: URL) {
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.pipe(peer)
      socket.on('error', () => peer.destroy())
      socket.on('close', () => {
        peer.destroy()
        sockets.delete(socket)
      })
    }
    return undefined
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.href,
    cut() {
      whole = false
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      whole = true
    },
  }
}
