import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from './app.ts'
import { addCafeteria, addCampus, addInvitation, addModifierGroup, addProduct, addUser } from './builders.ts'
import { sequenceAll } from './feed/sequence-all.ts'
import { startSandbox } from './payments/paying-campus.ts'

const { url: PAYMENT_SANDBOX_URL } = await startSandbox(t, {})
const { app, call, as, database, statements } = await startTestApp(t, { PAYMENT_SANDBOX_URL, CACHE: 'off' })
const db = database.primary
const { cafeteria, product, customer, staff, manager, admin } = await addCampus(db)
await app.ready()

/** Makes a call, and counts the statements that it took. */
async function counted(request: Parameters<typeof call>[0]): Promise<{ body: any; count: number }> {
  statements.length = 0
  const { status, body } = await call(request)
  if (status >= 300) throw new Error(`${String(request.url)} answered ${status} ${JSON.stringify(body)}`)
  return { body, count: statements.length }
}

const place = (payment: object, headers = as(customer.caller)) =>
  counted({
    method: 'POST',
    url: '/v1/orders',
    headers: { ...headers, 'idempotency-key': randomUUID() },
    payload: {
      cafeteriaId: cafeteria.id,
      items: [{ productId: product.id, quantity: 2 }],
      pickup: 'asap',
      payment,
    },
  })

/** So many rows of everything that a page of 100 is full and has a next one. */
const many = 101

async function addMany() {
  await db.updateTable('pickupSlots').set({ capacityOrders: 1000 }).execute()
  await db.updateTable('accounts').set({ balanceCents: 10_000_000 }).where('id', '=', customer.id).execute()
  const memberships = { [cafeteria.id]: 'staff' } as const
  for (let count = 0; count < many; count += 1) {
    await place({ method: 'wallet' })
    await addUser(db, { memberships })
    await addInvitation(db, { cafeteriaId: cafeteria.id, invitedBy: admin.id })
    const elsewhere = await addCafeteria(db, { slotDays: null })
    await addInvitation(db, { cafeteriaId: elsewhere.id, email: customer.email, invitedBy: admin.id })
    const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
    await addModifierGroup(db, { cafeteriaId: cafeteria.id, productIds: [product.id, id] })
  }
  await sequenceAll(db)
  await sql`insert into sessions (user_id, expires_at)
    select ${customer.id}, now() + interval '1 day' from generate_series(1, ${many}::integer)`.execute(db)
  await sql`insert into mealtimes (cafeteria_id, name, starts, ends)
    select ${cafeteria.id}, 'Meal ' || n, '08:00', '11:00' from generate_series(1, ${many}::integer) n`.execute(
    db,
  )
  await sql`insert into schedule_exceptions (cafeteria_id, date)
    select ${cafeteria.id}, current_date + n from generate_series(1, ${many}::integer) n`.execute(db)
}

t.test('a list takes one statement whatever its size, and one more to count its pages', async (t) => {
  await addMany()
  const lists = [
    { url: '/v1/orders', who: customer },
    { url: '/v1/orders', who: staff },
    { url: '/v1/orders', who: admin },
    { url: '/v1/transactions', who: customer },
    { url: '/v1/cafeterias', who: customer },
    { url: `/v1/cafeterias/${cafeteria.id}/schedule-exceptions`, who: customer },
    { url: '/v1/categories', who: customer },
    { url: '/v1/mealtimes', who: customer },
    { url: '/v1/modifier-groups', who: customer },
    { url: '/v1/products', who: customer },
    { url: '/v1/auth/sessions', who: customer, pages: false },
    { url: `/v1/cafeterias/${cafeteria.id}/members`, who: manager, pages: false },
    { url: `/v1/cafeterias/${cafeteria.id}/invitations`, who: manager },
    { url: '/v1/invitations', who: customer },
    { url: `/v1/cafeterias/${cafeteria.id}/feed`, who: staff, pages: false },
  ]
  for (const { url, who, pages = true } of lists) {
    const headers = as(who.caller)
    for (const limit of [20, 100]) {
      const { body, count } = await counted({ url: `${url}?limit=${limit}`, headers })
      t.match({ length: body.data.length, count }, { length: limit, count: 1 }, `${limit} of ${url}`)
      if (!pages) continue
      const page = await counted({ url: `${url}?limit=${limit}&page=1`, headers })
      t.match(
        { length: page.body.data.length, count: page.count },
        { length: limit, count: 2 },
        `a page of ${url}`,
      )
    }
  }
})

t.test('a menu takes one statement, with 5 products as with 60, each with what to choose from', async (t) => {
  for (const size of [5, 60]) {
    const { id: cafeteriaId } = await addCafeteria(db, { slotDays: null })
    for (let added = 0; added < size; added += 1) {
      const { id } = await addProduct(db, { cafeteriaId })
      await addModifierGroup(db, { cafeteriaId, productIds: [id] })
    }
    const { body, count } = await counted({ url: `/v1/cafeterias/${cafeteriaId}/menu` })
    const products = body.categories.flatMap((one: { products: unknown[] }) => one.products)
    t.equal(products.length, size)
    t.ok(products.every((one: { modifierGroups: unknown[] }) => one.modifierGroups.length === 1))
    t.equal(count, 1)
  }
})

t.test('a single thing takes one statement', async (t) => {
  const { body: order } = await place({ method: 'wallet' })
  const urls = [
    `/v1/orders/${order.id}`,
    `/v1/orders/${order.id}/events`,
    `/v1/orders/${order.id}/payments`,
    '/v1/wallet',
    '/v1/me',
    '/v1/config',
    `/v1/products/${product.id}`,
    `/v1/cafeterias/${cafeteria.id}`,
    `/v1/cafeterias/${cafeteria.id}/hours`,
    `/v1/cafeterias/${cafeteria.id}/slots`,
    `/v1/cafeterias/${cafeteria.id}/top-products`,
  ]
  for (const url of urls) t.equal((await counted({ url, headers: as(customer.caller) })).count, 1, url)
  for (const url of ['/v1/me/summary', '/v1/me/recent-orders']) {
    t.equal((await counted({ url, headers: as(customer.caller) })).count, 2, url)
  }
})

t.test(
  'an order paid from a wallet takes one statement, one paid by card another for the answer',
  async (t) => {
    t.match(await place({ method: 'wallet' }), { count: 1, body: { status: 'placed' } })
    const card = await place({ method: 'card', token: 'tok_ok' })
    t.match(card, { count: 2, body: { status: 'placed', payment: { provider: 'sandbox' } } })
    const accept = { url: `/v1/orders/${card.body.id}/accept`, headers: as(staff.caller) }
    t.match(await counted({ ...accept, method: 'POST' }), { count: 1, body: { status: 'accepted' } })
  },
)
