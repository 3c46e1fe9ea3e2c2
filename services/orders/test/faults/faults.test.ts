import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { startFleet } from './fleet.ts'

// The test starts and kills servers and processes, which takes a while on two busy cores.
t.setTimeout(600_000)

/** Polls until something has happened; the test's own time-out bounds it. */
async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(50)
}

t.test(
  'while Redis is stopped orders are placed, limits hold locally, and health says degraded but ready',
  async (t) => {
    const fleet = await startFleet(t, { redis: true })
    const orders = await fleet.start('orders', { RATE_LIMIT_API: '5/1m' })
    t.equal((await fleet.place(orders, 'before')).status, 201)
    await fleet.stack.redis.stop('SIGKILL')

    for (const key of ['during-1', 'during-2', 'during-3'])
      t.equal((await fleet.place(orders, key)).status, 201, key)
    await until(async () => (await fleet.get(orders, '/health')).body.status === 'degraded')
    t.equal((await fetch(`${orders.url}/health/ready`)).status, 200)
    const answers = []
    for (let count = 0; count < 6; count += 1) answers.push((await fleet.get(orders, '/v1/orders')).status)
    t.ok(answers.includes(429), `a local limit took over: ${answers.join()}`)
  },
)

t.test(
  'while the primary is stopped reads are served and writes say when to retry; then all is as before',
  async (t) => {
    const fleet = await startFleet(t)
    const orders = await fleet.start('orders')
    const placed = await fleet.place(orders, 'before')
    const { stack } = fleet
    const { primary } = stack.postgres
    const [standby] = stack.postgres.standbys
    await stack.postgres.waitForReplay(standby as NonNullable<typeof standby>)
    await stack.postgres.stopServer(primary, 'immediate')

    const lists = await Promise.all(Array.from({ length: 10 }, () => fleet.get(orders, '/v1/orders')))
    for (const { status, body } of lists)
      t.match({ status, body }, { status: 200, body: { data: [{ id: placed.body.id }] } })
    t.equal((await fleet.get(orders, `/v1/cafeterias/${fleet.campus.cafeteria.id}/menu`)).status, 200)
    const refused = await fleet.place(orders, 'during')
    t.match(refused, { status: 503, body: { code: 'database_unavailable' } })
    t.match(refused.headers.get('retry-after'), /^\d+$/)
    t.equal((await fetch(`${orders.url}/health/ready`)).status, 200, 'still ready: it serves reads')
    t.match(await (await fetch(`${orders.url}/health`)).json(), { status: 'degraded' })

    await stack.postgres.startServer(primary)
    let repeated = refused
    await until(async () => (repeated = await fleet.place(orders, 'during')).status === 201)
    const token = repeated.headers.get('x-consistency-token') as string
    const { body } = await fleet.get(orders, '/v1/orders', { 'x-consistency-token': token })
    t.equal(body.data.length, 2, 'the refused order was placed once')
  },
)

t.test(
  'kill -9 of orders in a rush loses nothing that was acknowledged and leaves nothing half-done',
  async (t) => {
    const fleet = await startFleet(t)
    let orders = await fleet.start('orders')
    const acknowledged = new Map<string, string>()
    let running = true
    let sent = 0

    /** A client that places orders one after another, and repeats with the same key those that got no answer. */
    async function client() {
      while (running) {
        const key = `rush-${(sent += 1)}`
        for (let answered = false; !answered; ) {
          try {
            const { status, body } = await fleet.place(orders, key)
            answered = status === 201
            if (answered) acknowledged.set(key, body.id)
          } catch {
            await sleep(20)
          }
        }
      }
    }
    const clients = Array.from({ length: 8 }, client)
    for (let kill = 0; kill < 3; kill += 1) {
      const enough = acknowledged.size + 40
      await until(() => acknowledged.size >= enough)
      await orders.stop('SIGKILL')
      orders = await fleet.start('orders')
    }
    running = false
    await Promise.all(clients)

    const { rows } = await sql<{
      key: string
      id: string
    }>`select key, subject_id as id from idempotency_keys`.execute(fleet.database.primary)
    t.strictSame(
      new Map(rows.map(({ key, id }) => [key, id])),
      acknowledged,
      'every answer is in the database, and nothing else',
    )
    const { rows: sums } = await sql`select
    (select count(*) from orders) as orders, (select count(*) from events) as events, (select count(*) from payments) as payments,
    (select sum(reserved_orders) from pickup_slots) as places,
    (select 1000000000 - balance_cents = (select sum(total_cents) from orders) from accounts where kind = 'wallet') as paid`.execute(
      fleet.database.primary,
    )
    const count = acknowledged.size
    t.strictSame(sums, [{ orders: count, events: count, payments: count, places: count, paid: true }])
  },
)

t.test('SIGTERM in a rush fails no request', async (t) => {
  const fleet = await startFleet(t)
  // Connections that are not accepted yet are reset when the listener closes; load balancers get this long to send no more.
  const orders = await fleet.start('orders', { SHUTDOWN_DRAIN_SECONDS: '1' })
  const rush = Array.from({ length: 40 }, (_, index) => fleet.place(orders, `late-${index}`))
  await rush[0]
  const stopped = orders.stop('SIGTERM')
  for (const { status } of await Promise.all(rush)) t.equal(status, 201)
  t.match(await stopped, { code: 0 })
})

t.test('what a dead service held comes back: the worker expires unpaid orders', async (t) => {
  const fleet = await startFleet(t)
  await fleet.database.primary.updateTable('cafeterias').set({ paymentSeconds: 10 }).execute()
  const product = await fleet.database.primary
    .updateTable('products')
    .set({ stockQuantity: 5 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { customer, cafeteria } = fleet.campus
  const items = JSON.stringify([{ product_id: product.id, quantity: 2, modifier_ids: [] }])
  // The order is left as when the service dies before it has asked the provider.
  await sql`select place_order(${customer.id}, ${cafeteria.id}, null, ${items}, 'card', 'sandbox', null, null, null, 'test')`.execute(
    fleet.database.primary,
  )
  await sql`update orders set deadline_at = now()`.execute(fleet.database.primary)
  await fleet.start('worker')
  const state = async () =>
    (
      await sql<{
        status: string
      }>`select (select status from orders) as status, (select stock_quantity from products) as stock,
      (select sum(reserved_orders) from pickup_slots) as places`.execute(fleet.database.primary)
    ).rows[0]
  await until(async () => (await state())?.status === 'expired')
  t.strictSame(await state(), { status: 'expired', stock: 5, places: 0 })
})
