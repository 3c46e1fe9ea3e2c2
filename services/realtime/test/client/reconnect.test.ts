import { join } from 'node:path'
import { startServiceUnderTest, testRedisNodes } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { numberQuietly, numbers, openClient, openPhone, openScreen, startOrders, until } from './clients.ts'
import { startProxy } from './proxy.ts'

const fleet = await startFleet(t)
const { database } = fleet
const orders = await startOrders(t, fleet.url)

/** A gateway as a process, to be killed. */
async function startGateway(env: Record<string, string> = {}) {
  const gateway = await startServiceUnderTest(join(import.meta.dirname, '../../src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: fleet.url,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    SOCKET_DRAIN_SECONDS: '0.2',
    ...env,
  })
  t.teardown(() => gateway.stop('SIGKILL'))
  return gateway
}

t.test('what happens while the network is cut is there when it is back, each event once', async (t) => {
  const gateway = await fleet.gateway()
  const kitchen = await openKitchen(database)
  const proxy = await startProxy(t, gateway.url)
  const states: string[] = []
  const client = openClient(t, {
    url: proxy.url,
    token: tokenFor(kitchen.staff),
    onState: (state) => states.push(state),
  })
  const orderId = await kitchen.place()
  const held = await numberQuietly(database, kitchen.cafeteriaId)
  const screen = openScreen(client, kitchen.cafeteriaId, { after: 0 })
  const phone = openPhone(client, orderId)
  await screen.reaches(held)
  await until(() => phone.states.length === 1)
  for (const round of [1, 2, 3]) {
    proxy.leadTo(null)
    proxy.cut()
    await until(() => screen.board?.current === false && client.state() === 'waiting')
    await kitchen.place()
    if (round === 3) await kitchen.move(orderId, 'pending_payment', 'placed')
    const newest = await numberQuietly(database, kitchen.cafeteriaId)
    const attempts = proxy.connections()
    await until(() => proxy.connections() > attempts)
    proxy.leadTo(gateway.url)
    await screen.reaches(newest)
  }
  t.strictSame(screen.seqs, numbers(1, held + 4))
  t.equal(screen.resets, 0)
  t.equal(screen.statuses()[orderId], 'placed')
  await until(() => phone.states.at(-1)?.status === 'placed')
  t.strictSame(
    phone.states.map(({ version }) => version),
    [1, 2],
  )
  t.same(states.slice(0, 4), ['connecting', 'connected', 'waiting', 'connecting'])
})

t.test('a gateway that is killed costs a screen a reconnection, nothing else', async (t) => {
  const kitchen = await openKitchen(database)
  const [one, two] = [await startGateway(), await startGateway()]
  const worker = await fleet.worker()
  const proxy = await startProxy(t, one.url)
  const client = openClient(t, { url: proxy.url, token: tokenFor(kitchen.staff) })
  const screen = openScreen(client, kitchen.cafeteriaId, { after: 0 })
  const placing = (async () => {
    for (let placed = 0; placed < 60; placed += 1) await kitchen.place()
  })()
  await screen.reaches(10)
  proxy.leadTo(two.url)
  await one.stop('SIGKILL')
  await placing
  await screen.reaches(60)
  t.strictSame(screen.seqs, numbers(1, 60))
  t.equal(screen.board?.orders.size, 60)
  await worker.stop('SIGTERM')
})

t.test('a gateway that leaves sends its clients to the others', async (t) => {
  const kitchen = await openKitchen(database)
  const [leaving, staying] = [await startGateway(), await fleet.gateway()]
  const proxy = await startProxy(t, leaving.url)
  const reasons: (string | null)[] = []
  const client = openClient(t, {
    url: proxy.url,
    token: tokenFor(kitchen.customer),
    onState: (state, reason) => state === 'waiting' && reasons.push(reason),
  })
  const phone = openPhone(client, await kitchen.place())
  await until(() => phone.states.length === 1)
  proxy.leadTo(staying.url)
  const stopped = leaving.stop('SIGTERM')
  await until(() => reasons.length > 0 && client.state() === 'connected')
  t.strictSame(reasons, ['draining'])
  t.match(await stopped, { code: 0 })
})

t.test('an expired token is replaced, and a useless one tried no faster than others', async (t) => {
  const gateway = await fleet.gateway()
  const kitchen = await openKitchen(database)
  const orderId = await kitchen.place()
  const shortLived = { secret: 'development-access-token-secret', lifetimeSeconds: 1 }
  const asked: boolean[] = []
  const client = openClient(t, {
    url: gateway.url,
    getAccessToken: async (renew) => {
      asked.push(renew)
      // The first request for a token fails, as without a network; the next two get one that expires at once, as from a stale cache.
      if (asked.length === 1) throw new Error('offline')
      return asked.length < 4 ? tokenFor(kitchen.customer, shortLived) : tokenFor(kitchen.customer)
    },
  })
  const phone = openPhone(client, orderId)
  await until(() => asked.length === 4 && client.state() === 'connected')
  t.strictSame(asked, [false, false, true, true])
  await kitchen.move(orderId, 'pending_payment', 'placed')
  await until(async () => {
    await numberQuietly(database, kitchen.cafeteriaId)
    return phone.states.at(-1)?.version === 2
  })

  const reasons: unknown[] = []
  const stranger = openClient(t, {
    url: gateway.url,
    token: 'none',
    onState: (state, reason) => state === 'waiting' && reasons.push(reason),
  })
  openPhone(stranger, orderId)
  await until(() => reasons.length === 3)
  t.strictSame(new Set(reasons), new Set(['access_token_invalid']))
})

t.test('without any gateway, what is followed is read over REST', async (t) => {
  const kitchen = await openKitchen(database)
  const proxy = await startProxy(t, 'http://127.0.0.1:1')
  proxy.leadTo(null)
  const client = openClient(t, { url: proxy.url, apiUrl: orders.url, token: tokenFor(kitchen.staff) })
  const [first, second] = [await kitchen.place(), await kitchen.place()]
  const screen = openScreen(client, kitchen.cafeteriaId)
  const phone = openPhone(client, first)
  await until(() => Object.keys(screen.statuses()).length === 2 && phone.states.length === 1)
  await kitchen.move(first, 'pending_payment', 'placed')
  await kitchen.move(second, 'pending_payment', 'cancelled')
  await until(() => Object.keys(screen.statuses()).length === 1 && phone.states.length === 2)
  t.strictSame(screen.statuses(), { [first]: 'placed' })
  t.equal(phone.states.at(-1)?.status, 'placed')
  t.match(screen.board, { current: false, seq: 0 })
  t.not(client.state(), 'connected')

  const gateway = await fleet.gateway()
  proxy.leadTo(gateway.url)
  client.wake()
  await screen.reaches(await numberQuietly(database, kitchen.cafeteriaId))
  t.strictSame(screen.statuses(), { [first]: 'placed' })
})

t.test('a feed whose database was put back is begun anew', async (t) => {
  const kitchen = await openKitchen(database)
  const { cafeteriaId } = kitchen
  const before = await fleet.gateway()
  const proxy = await startProxy(t, before.url)
  const client = openClient(t, { url: proxy.url, apiUrl: orders.url, token: tokenFor(kitchen.staff) })
  for (let count = 0; count < 3; count += 1) await kitchen.place()
  const screen = openScreen(client, cafeteriaId, { after: 0 })
  await screen.reaches(await numberQuietly(database, cafeteriaId))
  // The database is put back to a state before the last two events.
  await sql`delete from feed where cafeteria_id = ${cafeteriaId} and seq > 1`.execute(database.primary)
  await sql`update feed_heads set seq = 1 where cafeteria_id = ${cafeteriaId}`.execute(database.primary)
  const after = await fleet.gateway()
  proxy.leadTo(after.url)
  proxy.cut()
  await until(() => screen.resets === 1)
  await screen.reaches(1)
  t.equal(screen.board?.seq, 1)
  const next = await kitchen.place()
  await until(async () => {
    await numberQuietly(database, cafeteriaId)
    return screen.statuses()[next] !== undefined
  })
  t.equal(screen.seqs.at(-1), 2)
})
