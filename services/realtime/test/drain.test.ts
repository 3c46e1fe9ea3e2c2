import { join } from 'node:path'
import { startServiceUnderTest } from '@comanda/local-stack/testing'
import { Socket } from 'socket.io'
import t, { type Test } from 'tap'
import { type Client, connect, next, startFleet, tokenFor } from './fixture.ts'

const entry = join(import.meta.dirname, '../src/server.ts')
const fleet = await startFleet(t)
const count = 500

/** Connects `count` clients. */
async function connectMany(t: Test, url: string): Promise<Client[]> {
  const clients: Client[] = []
  while (clients.length < count) {
    const some = Array.from({ length: 50 }, () => connect(t, url, tokenFor({})))
    await Promise.all(some.map((client) => next(client, 'connect')))
    clients.push(...some)
  }
  return clients
}

t.test('sockets are sent away in batches over the time for it, each with the reason', async (t) => {
  const seconds = 1
  const gateway = await fleet.gateway({ SOCKET_DRAIN_SECONDS: String(seconds) })
  const clients = await connectMany(t, gateway.url)
  const reasons = Promise.all(clients.map((client) => next<{ code: string }>(client, 'connection:closing')))
  /** How many left in each turn of the event loop, and when. */
  const batches: { size: number; at: number }[] = []
  let turn = false
  const disconnect = Socket.prototype.disconnect
  t.intercept(Socket.prototype, 'disconnect', {
    value(this: Socket, close: boolean) {
      if (!turn) {
        turn = true
        setImmediate(() => (turn = false))
        batches.push({ size: 0, at: performance.now() })
      }
      const batch = batches.at(-1)
      // Only the call that closes the whole connection counts; it calls `disconnect` again for each socket.
      if (batch && close) batch.size += 1
      return disconnect.call(this, close)
    },
  })
  await gateway.app.close()
  t.ok((await reasons).every(({ code }) => code === 'draining'))
  const sizes = batches.map(({ size }) => size).filter((size) => size > 0)
  t.same(
    sizes,
    Array.from({ length: 20 }, () => count / 20),
    'a twentieth at a time',
  )
  const [first, last] = [batches[0]?.at ?? 0, batches.at(-1)?.at ?? 0]
  // Each batch is at a random moment of its twentieth; a busy machine only makes it longer.
  t.ok(last - first >= seconds * 1000 * 0.89, 'not in a moment')
})

t.test(
  'a gateway with many sockets that is asked to stop has sent all away before its deadline',
  async (t) => {
    const gateway = await startServiceUnderTest(entry, {
      LOG_LEVEL: 'info',
      DATABASE_URL: fleet.url,
      DATABASE_POOL_MIN: '0',
      REDIS_NODES: '127.0.0.1:1',
    })
    t.teardown(() => gateway.stop('SIGKILL'))
    const clients = await connectMany(t, gateway.url)
    const reasons = Promise.all(clients.map((client) => next<{ code: string }>(client, 'connection:closing')))
    const stopped = gateway.stop('SIGTERM')
    t.ok((await reasons).every(({ code }) => code === 'draining'))
    t.match(await stopped, { code: 0 }, 'it would be 1 at the deadline')
  },
)

t.test('a gateway does not start with more time to drain than it has to stop', async (t) => {
  // No process gets so far that it stops: the wait is what is tested.
  const env = { DATABASE_URL: fleet.url, REDIS_NODES: '127.0.0.1:1', SHUTDOWN_DEADLINE_SECONDS: '10' }
  for (const more of [{ SOCKET_DRAIN_SECONDS: '7.5' }, { SHUTDOWN_DEADLINE_SECONDS: '6' }])
    await t.rejects(startServiceUnderTest(entry, { ...env, ...more }), {
      message: /bad configuration: SOCKET_DRAIN_SECONDS must be at most [37]:/,
    })
})
