import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addModifierGroup, addUser } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'

t.test('a list of 20 and one of 100, with items and payments, is the same one statement', async (t) => {
  const { place, campus, call, as, statements, database } = await startCampusApp(t)
  await database.primary.updateTable('pickupSlots').set({ capacityOrders: 1000 }).execute()
  await database.primary
    .updateTable('accounts')
    .set({ balanceCents: 10_000_000 })
    .where('id', '=', campus.customer.id)
    .execute()
  for (let placed = 0; placed < 105; placed += 1) await place()
  const headers = as(campus.customer.caller)

  statements.length = 0
  const few = await call({ url: '/v1/orders', headers })
  t.equal(few.body.data.length, 20)
  t.equal(statements.length, 1)
  const many = await call({ url: '/v1/orders?limit=100', headers })
  t.equal(many.body.data.length, 100)
  t.equal(statements.length, 2)
  t.match(many.body.data[0], {
    items: [{ productId: campus.product.id }],
    payment: { status: 'captured' },
    qrPayload: String,
  })

  const rest = await call({ url: `/v1/orders?limit=100&cursor=${many.body.nextCursor}`, headers })
  t.match(rest.body, { data: { length: 5 }, nextCursor: null })
  const ids = [...many.body.data, ...rest.body.data].map(({ id }: { id: string }) => id)
  t.equal(new Set(ids).size, 105, 'no order twice, none missing')

  const third = await call({ url: '/v1/orders?limit=50&page=3', headers })
  t.match(third.body, { data: { length: 5 }, pagination: { total: 105, page: 3, limit: 50, totalPages: 3 } })
  t.strictSame(third.body.data, rest.body.data)

  const one = await call({ url: `/v1/orders/${ids[0]}`, headers })
  t.strictSame(one.body, many.body.data[0])
  t.equal(one.headers['etag'], '"1"')
})

t.test('only the asked fields are read and answered', async (t) => {
  const { place, campus, call, as, statements } = await startCampusApp(t)
  const placed = await place()
  statements.length = 0
  const { body } = await call({
    url: '/v1/orders?fields=id,status,qrPayload',
    headers: as(campus.customer.caller),
  })
  t.strictSame(body.data, [{ id: placed.body.id, status: 'placed', qrPayload: placed.body.qrPayload }])
  t.notMatch(statements[0]?.text, /order_items|payments|total_cents/)
  const refused = await call({ url: '/v1/orders?fields=id,secret', headers: as(campus.customer.caller) })
  t.match(refused, { status: 400, body: { code: 'unknown_field' } })
})

t.test('filters narrow by status and cafeteria', async (t) => {
  const { place, move, campus, call, as } = await startCampusApp(t)
  const [first, second, third] = [await place(), await place(), await place()]
  await move(first.body.id, 'accept', campus.staff.caller)
  await move(second.body.id, 'cancel', campus.customer.caller)
  const list = async (query: string) =>
    (await call({ url: `/v1/orders?${query}`, headers: as(campus.customer.caller) })).body.data.map(
      ({ id }: { id: string }) => id,
    )
  t.strictSame(await list('status=accepted'), [first.body.id])
  t.strictSame(await list('status=accepted,placed'), [third.body.id, first.body.id])
  t.strictSame(await list(`cafeteriaId=${campus.cafeteria.id}&status=cancelled`), [second.body.id])
  t.strictSame(await list('cafeteriaId=01900000-0000-7000-8000-000000000000'), [])
  t.match(await call({ url: '/v1/orders?status=eaten', headers: as(campus.customer.caller) }), {
    status: 400,
    body: { code: 'validation_failed' },
  })
  t.match(await call({ url: '/v1/orders?cursor=abc', headers: as(campus.customer.caller) }), {
    status: 400,
    body: { code: 'invalid_cursor' },
  })
  t.match(await call({ url: '/v1/orders?limit=101', headers: as(campus.customer.caller) }), { status: 400 })
})

t.test('everybody sees their own orders, staff those of their cafeteria, and nobody else any', async (t) => {
  const { place, campus, call, as, database } = await startCampusApp(t)
  const elsewhere = await addCafeteria(database.primary, { slotDays: null })
  const stranger = await addUser(database.primary)
  const foreign = await addUser(database.primary, { memberships: { [elsewhere.id]: 'manager' } })
  const { body: order } = await place()
  const { body: lunch } = await place(
    {},
    { caller: { ...campus.staff.caller, userId: campus.customer.id, memberships: {} } },
  )
  const sees = async (caller: typeof stranger.caller, query = '') =>
    (await call({ url: `/v1/orders${query}`, headers: as(caller) })).body.data.length
  t.equal(await sees(campus.customer.caller), 2)
  t.equal(await sees(campus.staff.caller), 2)
  t.equal(await sees(campus.staff.caller, '?mine=true'), 0)
  t.equal(await sees(campus.admin.caller), 2)
  t.equal(await sees(stranger.caller), 0)
  t.equal(await sees(foreign.caller), 0)
  t.equal(
    await sees(foreign.caller, `?cafeteriaId=${campus.cafeteria.id}`),
    0,
    'naming a cafeteria opens nothing',
  )
  for (const path of ['', '/events']) {
    for (const { caller } of [campus.customer, campus.staff, campus.manager, campus.admin]) {
      t.equal((await call({ url: `/v1/orders/${lunch.id}${path}`, headers: as(caller) })).status, 200)
    }
    for (const { caller } of [stranger, foreign]) {
      const answer = await call({ url: `/v1/orders/${order.id}${path}`, headers: as(caller) })
      t.match(
        answer,
        { status: 404, body: { code: 'order_not_found' } },
        'an order of another customer is answered like one that does not exist',
      )
    }
  }
  t.strictSame(
    (await call({ url: `/v1/orders/${order.id}/events?after=1`, headers: as(campus.customer.caller) })).body,
    { data: [], nextCursor: null },
  )
})

t.test('a list shows what one order shows, lines and all', async (t) => {
  const { place, move, campus, call, as, database } = await startCampusApp(t)
  const { id: groupId } = await addModifierGroup(database.primary, {
    cafeteriaId: campus.cafeteria.id,
    productIds: [campus.product.id],
  })
  const { id: modifierId } = await database.primary
    .selectFrom('modifiers')
    .select('id')
    .where('groupId', '=', groupId)
    .executeTakeFirstOrThrow()
  const item = { productId: campus.product.id, quantity: 2, note: 'No "onion" \\ 🌶' }
  await place({ items: [{ ...item, modifierIds: [modifierId] }, item] })
  const { body: second } = await place()
  await move(second.id, 'reject', campus.staff.caller, { body: { reason: 'No "onion" \\ left' } })
  const headers = as(campus.customer.caller)
  const list = async () => (await call({ url: '/v1/orders', headers })).body.data
  const shown = await list()
  t.match(shown, [
    { status: 'rejected', reason: 'No "onion" \\ left', items: [{ modifiers: [], note: null }] },
    {
      items: [{ modifiers: [{ modifierId, priceDeltaCents: Number }], note: item.note }, { modifiers: [] }],
    },
  ])
  for (const order of shown) {
    // One order goes through the serialiser of its schema, which drops what is not declared and refuses what is missing.
    t.strictSame((await call({ url: `/v1/orders/${order.id}`, headers })).body, order)
  }
  const fields = (await call({ url: '/v1/orders?fields=payment,items,closedAt', headers })).body.data
  t.strictSame(
    fields,
    shown.map(({ payment, items, closedAt }: Record<string, unknown>) => ({ payment, items, closedAt })),
  )

  const { rows } = await sql`select items::jsonb = shown_lines(id)::jsonb as same from orders`.execute(
    database.primary,
  )
  t.strictSame(rows, [{ same: true }, { same: true }], 'lines that are written anew are the same')
})
