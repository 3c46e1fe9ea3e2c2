import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addInvitation, addUser } from '../builders.ts'
import { startEditingApp } from '../editing-app.ts'

const { db, send, cafeteria, customer, staff, manager, product, stranger, app } = await startEditingApp(t, {
  CACHE: 'off',
})

const order = async () => {
  const { body, status } = await send('POST', '/v1/orders', customer, {
    cafeteriaId: cafeteria.id,
    items: [{ productId: product.id, quantity: 1 }],
    pickup: 'asap',
    payment: { method: 'wallet' },
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.id as string
}
const orderId = await order()
for (let count = 0; count < 4; count += 1) await order()
for (const move of ['accept', 'start', 'ready']) await send('POST', `/v1/orders/${orderId}/${move}`, manager)
for (let count = 0; count < 4; count += 1) await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
for (let count = 0; count < 5; count += 1) await addInvitation(db, { cafeteriaId: cafeteria.id })
for (let count = 0; count < 5; count += 1) {
  const { id: cafeteriaId } = await addCafeteria(db, { slotDays: null })
  await addInvitation(db, { cafeteriaId, email: customer.email })
}
// Two of them at the same moment, so that the second part of the sort key decides.
await sql`insert into sessions (user_id, user_agent, created_at, expires_at)
  select ${customer.id}, 'device ' || n, now() - (n / 2) * interval '1 hour', now() + interval '1 day'
  from generate_series(1, 5) n`.execute(db)
await sql`insert into payments (order_id, user_id, purpose, provider, amount_cents, currency, status)
  select order_id, user_id, purpose, provider, amount_cents, currency, 'declined'
  from payments, generate_series(1, 4) where order_id = ${orderId}`.execute(db)

const lists = [
  ['/v1/auth/sessions', customer, 6],
  [`/v1/cafeterias/${cafeteria.id}/members`, manager, 6],
  [`/v1/cafeterias/${cafeteria.id}/invitations`, manager, 5],
  ['/v1/invitations', customer, 5],
  [`/v1/orders/${orderId}/events`, customer, 4],
  [`/v1/orders/${orderId}/payments`, customer, 5],
  ['/v1/me/recent-orders', customer, 5],
] as const

for (const [url, who, count] of lists) {
  t.test(`${url} can be read in pages of either kind, which show everything once`, async (t) => {
    const all = (await send('GET', `${url}?limit=100`, who)).body
    t.equal(all.data.length, count)
    t.equal(all.nextCursor, null)

    const followed = []
    let cursor = ''
    do {
      const { body } = await send('GET', `${url}?limit=2${cursor && `&cursor=${cursor}`}`, who)
      t.ok(body.data.length <= 2)
      followed.push(...body.data)
      cursor = body.nextCursor
    } while (cursor)
    t.same(followed, all.data)

    const numbered = []
    const totalPages = Math.ceil(count / 2)
    for (let page = 1; page <= totalPages; page += 1) {
      const { body } = await send('GET', `${url}?limit=2&page=${page}`, who)
      t.same(body.pagination, { total: count, totalIsExact: true, page, limit: 2, totalPages })
      numbered.push(...body.data)
    }
    t.same(numbered, all.data)
    t.same((await send('GET', `${url}?page=100`, who)).body.data, [], 'a page behind the last is empty')
    t.match(await send('GET', `${url}?cursor=bm8`, who), { status: 400, body: { code: 'invalid_cursor' } })
  })
}

t.test(
  'sessions, members and invitations show only the fields that are asked for, and know no others',
  async (t) => {
    for (const [url, who, fields] of [
      ['/v1/auth/sessions', customer, ['id', 'current']],
      [`/v1/cafeterias/${cafeteria.id}/members`, manager, ['email', 'role']],
      [`/v1/cafeterias/${cafeteria.id}/invitations`, manager, ['email', 'invitedBy']],
      ['/v1/invitations', customer, ['cafeteriaName', 'role']],
    ] as const) {
      for (const paging of ['limit=3', 'limit=3&page=1']) {
        const { body } = await send('GET', `${url}?fields=${fields.join(',')}&${paging}`, who)
        t.equal(body.data.length, 3)
        for (const row of body.data) t.same(Object.keys(row), fields)
      }
      t.match(await send('GET', `${url}?fields=id,secret`, who), { status: 400 })
    }
  },
)

t.test('the events after a version come in pages too', async (t) => {
  const url = `/v1/orders/${orderId}/events?after=1`
  const versions = async (query: string) => {
    const { body } = await send('GET', `${url}&${query}`, customer)
    return { versions: body.data.map(({ version }: { version: number }) => version), ...body }
  }
  t.match(await versions('limit=2'), { versions: [2, 3], nextCursor: String })
  const { nextCursor } = await versions('limit=2')
  t.match(await versions(`limit=2&cursor=${nextCursor}`), { versions: [4], nextCursor: null })
  t.match(await versions('limit=2&page=2'), { versions: [4], pagination: { total: 3 } })
})

t.test('a page that is empty says nothing of orders that the caller may not see', async (t) => {
  for (const list of ['events', 'payments']) {
    const { status } = await send('GET', `/v1/orders/${orderId}/${list}?page=99`, stranger)
    t.equal(status, 404, list)
  }
})

t.test('a page together with a cursor is refused by every list', async (t) => {
  const urls: Record<string, readonly [string, typeof customer]> = {
    listAuditLog: ['/v1/audit-log', manager],
    listSessions: ['/v1/auth/sessions', customer],
    listMembers: [`/v1/cafeterias/${cafeteria.id}/members`, manager],
    listInvitations: [`/v1/cafeterias/${cafeteria.id}/invitations`, manager],
    listOwnInvitations: ['/v1/invitations', customer],
    listOrderEvents: [`/v1/orders/${orderId}/events`, customer],
    listOrderPayments: [`/v1/orders/${orderId}/payments`, customer],
    listRecentOrders: ['/v1/me/recent-orders', customer],
    listOrders: ['/v1/orders', staff],
    listTransactions: ['/v1/transactions', customer],
    listCafeterias: ['/v1/cafeterias', customer],
    listCategories: ['/v1/categories', customer],
    listProducts: ['/v1/products', customer],
    listModifierGroups: ['/v1/modifier-groups', customer],
    listMealtimes: ['/v1/mealtimes', customer],
    listScheduleExceptions: [`/v1/cafeterias/${cafeteria.id}/schedule-exceptions`, customer],
  }
  const paged = Object.values(app.openapi().paths)
    .map(({ get }) => get as undefined | { operationId: string; parameters?: { name?: string }[] })
    .filter((get) => get?.parameters?.some(({ name }) => name === 'cursor'))
  t.same(paged.map((get) => get?.operationId).toSorted(), Object.keys(urls).toSorted(), 'these are all')
  for (const [url, who] of Object.values(urls)) {
    t.match(
      await send('GET', `${url}?page=1&cursor=WzFd`, who),
      { status: 400, body: { code: 'validation_failed', errors: [{ field: 'page' }] } },
      url,
    )
  }
})
