import { sql } from 'kysely'
import t from 'tap'
import { addProduct, addSlot } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'

// The test sends ten times a thousand requests, which takes a while on two busy cores.
t.setTimeout(240_000)

const runs = 10
const buyers = 1000
const units = 100
const places = 80

t.test(`${buyers} buyers at once get exactly the ${places} places, ${runs} times in a row`, async (t) => {
  const { app, as, campus, database } = await startCampusApp(t, {
    DATABASE_POOL_MAX: '40',
    // Buyers and service share one process and two busy cores: what is tested is who gets the places, not who waits too long.
    DATABASE_CONNECT_SECONDS: '60',
    REQUEST_TIMEOUT_SECONDS: '60',
  })
  const { cafeteria } = campus
  const { rows: users } = await sql<{ id: string }>`
    with people as (
      insert into users (email, name, password_hash) select 'buyer' || n || '@comanda.test', 'Buyer', '-' from generate_series(1, ${buyers}) n
      returning id
    ) insert into accounts (id, kind, currency, balance_cents) select id, 'wallet', 'MXN', 1000000 from people returning id
  `.execute(database.primary)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }

  for (let run = 1; run <= runs; run += 1) {
    const [first, second] = await Promise.all(
      [1, 2].map(() => addProduct(database.primary, { cafeteriaId: cafeteria.id, stockQuantity: units })),
    )
    const slot = await addSlot(database.primary, {
      cafeteriaId: cafeteria.id,
      startsAt: new Date(Date.UTC(2099, 0, 1, run)).toISOString(),
      capacityOrders: places,
    })
    // Half of the requests name the products in the other order, which would deadlock if locks were taken in the order of the request.
    const answers = await Promise.all(
      users.map(async ({ id: userId }, index) => {
        const products = index % 2 ? [first, second] : [second, first]
        const response = await fetch(`http://127.0.0.1:${port}/v1/orders`, {
          method: 'POST',
          headers: { ...as({ userId }), 'content-type': 'application/json' },
          body: JSON.stringify({
            cafeteriaId: cafeteria.id,
            slotId: slot.id,
            items: products.map((product) => ({ productId: product?.id, quantity: 1 })),
            payment: { method: 'wallet' },
          }),
        })
        const { code } = (await response.json()) as { code?: string }
        return code ?? response.status
      }),
    )
    const counts = Object.groupBy(answers, String)
    t.equal(counts['201']?.length, places, `run ${run}: sold`)
    t.equal(
      counts.slot_full?.length,
      buyers - places,
      `run ${run}: all other requests were refused because the slot is full`,
    )
    const { rows } = await sql`select (select count(*) from orders where slot_id = ${slot.id}) as orders,
      (select reserved_orders from pickup_slots where id = ${slot.id}) as places,
      (select sum(stock_quantity) from products where id in (${first?.id}, ${second?.id})) as left`.execute(
      database.primary,
    )
    t.strictSame(
      rows,
      [{ orders: places, places, left: 2 * (units - places) }],
      `run ${run}: nothing else was taken`,
    )
  }
})

t.test('stock is the limit when there are more places', async (t) => {
  const { place, campus, database } = await startCampusApp(t)
  const product = await addProduct(database.primary, { cafeteriaId: campus.cafeteria.id, stockQuantity: 7 })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => place({ items: [{ productId: product.id, quantity: 1 }] })),
  )
  t.equal(answers.filter(({ status }) => status === 201).length, 7)
  t.equal(answers.filter(({ body }) => body.code === 'product_unavailable').length, 3)
  const left = await database.primary
    .selectFrom('products')
    .select('stockQuantity')
    .where('id', '=', product.id)
    .executeTakeFirst()
  t.equal(left?.stockQuantity, 0)
})
