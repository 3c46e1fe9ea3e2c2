import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import t, { type Test } from 'tap'
import {
  acceptOrder,
  createRestClient,
  getMenu,
  listCafeterias,
  readyOrder,
  startOrder,
} from '../libs/client/src/rest/index.ts'
import { openPlainDatabase } from '../libs/database/src/index.ts'
import { cloneTestDatabase, startServiceUnderTest, testRedisNodes } from '../libs/local-stack/src/testing.ts'
import { seedCampus } from '../libs/seed/src/index.ts'
import { boardText } from '../scripts/watch/board-text.ts'
import type { FeedOrder } from '../scripts/watch/live-orders.ts'

const root = join(import.meta.dirname, '..')

/** A seeded campus, with the services that a watcher needs. */
async function startFleet(t: Test) {
  const clone = await cloneTestDatabase()
  t.teardown(() => clone.drop())
  const database = openPlainDatabase(clone.url, 'watch-test')
  await seedCampus(database.primary, { demoAccounts: true, password: 'comanda-demo' })
  await database.close()
  const [orders, realtime] = await Promise.all(
    ['orders', 'realtime', 'worker'].map(async (name) => {
      const service = await startServiceUnderTest(join(root, `services/${name}/src/server.ts`), {
        DATABASE_URL: clone.url,
        DATABASE_POOL_MIN: '0',
        DATABASE_POOL_MAX: '5',
        REDIS_NODES: testRedisNodes(),
        RATE_LIMITS: 'off',
      })
      t.teardown(() => service.stop('SIGKILL'))
      return service
    }),
  )
  return { ordersUrl: orders?.url ?? '', realtimeUrl: realtime?.url ?? '' }
}

/** `make watch`, as a pipe sees it. */
function watch(t: Test, env: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'scripts/watch.ts')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'exit') as Promise<[number | null]>
  t.teardown(() => child.kill('SIGKILL'))
  return {
    output: () => output,
    async says(text: string | RegExp): Promise<void> {
      const patience = AbortSignal.timeout(30_000)
      while (!(typeof text === 'string' ? output.includes(text) : text.test(output))) {
        if (child.exitCode !== null) throw new Error(`watch ended: ${output}`)
        if (patience.aborted) throw new Error(`watch did not say ${text}, but: ${output}`)
        await wait(20)
      }
    },
    async stop(): Promise<number | null> {
      child.kill('SIGTERM')
      return (await ended)[0]
    },
    ended,
  }
}

t.test('an order appears on the board and moves', async (t) => {
  const { ordersUrl, realtimeUrl } = await startFleet(t)
  const watcher = watch(t, {
    COMANDA_URL: ordersUrl,
    COMANDA_REALTIME_URL: realtimeUrl,
    CAFETERIA: 'biblioteca',
  })
  await watcher.says('connected\n')
  await watcher.says(/Biblioteca.*, event 0: 0 to be paid, 0 placed/)

  const open = async (email: string) => {
    const rest = createRestClient({ apiUrl: ordersUrl })
    await rest.logIn({ email, password: 'comanda-demo' })
    return rest
  }
  const customer = await open('customer@comanda.test')
  const { data: cafeterias } = await listCafeterias({ client: customer.client })
  const cafeteriaId = cafeterias.data.find(({ slug }) => slug === 'biblioteca')?.id ?? ''
  const { data: menu } = await getMenu({ client: customer.client, path: { cafeteriaId } })
  const product = menu.categories
    .flatMap(({ products }) => products)
    .find(({ name }) => name === 'Galleta de avena')
  const placed = await customer.placeOrder({
    cafeteriaId,
    items: [{ productId: product?.id ?? '', quantity: 1 }],
    pickup: 'asap',
    payment: { method: 'wallet' },
  })
  await watcher.says(`${placed.number} order.placed by customer, lag `)
  const { client } = await open('staff@comanda.test')
  for (const [move, status] of [
    [acceptOrder, 'accepted'],
    [startOrder, 'preparing'],
    [readyOrder, 'ready'],
  ] as const) {
    await move({ client, path: { orderId: placed.id }, headers: { 'idempotency-key': `watch-${status}` } })
    await watcher.says(`${placed.number} order.${status} by staff, lag `)
  }
  t.equal(await watcher.stop(), 0, watcher.output())

  const other = watch(t, { COMANDA_URL: ordersUrl, COMANDA_REALTIME_URL: realtimeUrl, CAFETERIA: 'nowhere' })
  t.strictSame(await other.ended, [1, null])
  t.match(other.output(), /CAFETERIA can be: .*biblioteca/)
})

t.test('without a fleet it says what to do', async (t) => {
  const watcher = watch(t, { COMANDA_URL: 'http://127.0.0.1:1' })
  t.strictSame(await watcher.ended, [1, null])
  t.equal(watcher.output(), 'comanda: Nothing answers at http://127.0.0.1:1: run `make up` first.\n')
})

t.test('a terminal shows the newest orders of each status that fit', async (t) => {
  const order = (id: string, status: FeedOrder['status'], minute: number): FeedOrder => ({
    id,
    number: 1000 + minute,
    status,
    version: 1,
    cafeteriaId: 'c',
    pickupAt: `2026-03-02T18:${minute}:00Z`,
    promisedAt: '2026-03-02T18:00:00Z',
    reason: null,
    deadlineAt: null,
    updatedAt: `2026-03-02T17:${minute}:00Z`,
  })
  const orders = [
    order('a', 'placed', 10),
    order('b', 'placed', 30),
    order('c', 'placed', 20),
    order('d', 'ready', 40),
    order('e', 'cancelled', 50),
  ]
  const text = boardText(
    {
      cafeteria: { id: 'c', slug: 'c', name: 'Cocina', timeZone: 'America/Mexico_City' },
      state: 'connected',
      reason: null,
      board: {
        cafeteriaId: 'c',
        orders: new Map(orders.map((order) => [order.id, order])),
        seq: 9,
        current: true,
      },
      lag: 12,
    },
    { rows: 9, columns: 100 },
  )
  const lines = stripVTControlCharacters(text).split('\n')
  t.equal(lines[0], 'Cocina   connected   event 9   lag 12 ms')
  t.ok(lines.length <= 9)
  t.ok(lines.every((line) => line.length <= 100))
  const cells = lines
    .filter((line) => line.startsWith('│'))
    .map((line) => line.split('│').map((cell) => cell.trim()))
  t.strictSame(cells, [
    ['', 'to be paid 0', 'placed 3', 'accepted 0', 'preparing 0', 'ready 1', 'over 1', ''],
    ['', '', '1030  12:30', '', '', '1040  12:40', '1050  12:50', ''],
    ['', '', '1020  12:20', '', '', '', '', ''],
  ])
})
