import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { addUser, type TestUser } from '../builders.ts'
import { sequenceAll } from '../feed/sequence-all.ts'
import { startPayingCampus } from '../payments/paying-campus.ts'

const campus = await startPayingCampus(t)
const { cafeteria, customer, staff, db, get, post, place, topUp, pay } = await campus.openKitchen()
await topUp(100_000)
await db.updateTable('accounts').set({ balanceCents: 1_000_000 }).where('id', '=', customer.id).execute()
await db.updateTable('products').set({ stockQuantity: 1000 }).execute()
const memberships = { [cafeteria.id]: 'manager' } as const
const readers = {
  staff,
  manager: await addUser(db, { memberships }),
  admin: await addUser(db, { isAdmin: true }),
}

interface Placed {
  id: string
  number: number
  pickupCode: string
  qrPayload: string
}
const placed = async (who = customer) => {
  const { status, body } = await place({ method: 'wallet' }, { caller: who.caller })
  t.equal(status, 201, JSON.stringify(body))
  return body as Placed
}
/** Checks that a text has neither the code of an order nor what its QR code says. */
function hidden(t: Test, what: string, { pickupCode, qrPayload }: Placed, answer: unknown): void {
  const text = JSON.stringify(answer)
  t.notOk(
    text.includes(qrPayload) || text.includes(`"${pickupCode}"`) || text.includes(`:${pickupCode}"`),
    what,
  )
}
const move = (who: TestUser, id: string, name: string, body: object = {}) =>
  post(`/v1/orders/${id}/${name}`, body, { caller: who.caller })
const withoutCode = { pickupCode: null, qrPayload: null }

t.test('the customer reads number and code wherever they read the order', async (t) => {
  const order = await placed()
  const own = { number: order.number, pickupCode: order.pickupCode }
  t.match(order, {
    pickupCode: /^[2-9A-HJ-NP-Z]{4}$/,
    qrPayload: `comanda:collect:${order.id}:${order.pickupCode}`,
  })
  t.match((await get(`/v1/orders/${order.id}`)).body, order)
  t.match((await get('/v1/orders?limit=1')).body.data, [order])
  t.same((await get('/v1/orders?limit=1&fields=qrPayload')).body.data, [{ qrPayload: order.qrPayload }])
  t.match((await get('/v1/me/recent-orders?limit=1')).body.data, [own])
  t.match(
    (await get('/v1/me/summary')).body.activeOrders.find(({ id }: Placed) => id === order.id),
    own,
  )
  t.match(await move(customer, order.id, 'cancel'), { status: 200, body: own })
  const unpaid = (await place({ method: 'card', token: 'tok_declined' })).body.orderId
  t.match(await pay(unpaid, { method: 'card', token: 'tok_ok' }), {
    body: { pickupCode: String, qrPayload: String },
  })
})

t.test('whoever works there reads the number, and the code nowhere', async (t) => {
  for (const [who, reader] of Object.entries(readers)) {
    const order = await placed()
    const { number } = order
    const lists = [
      `/v1/orders?cafeteriaId=${cafeteria.id}`,
      '/v1/orders?limit=5&page=1',
      `/v1/orders?cafeteriaId=${cafeteria.id}&status=placed`,
    ]
    for (const url of lists) {
      const { body } = await get(url, reader.caller)
      t.match(
        body.data.find(({ id }: Placed) => id === order.id),
        { number, ...withoutCode },
        `${who}: ${url}`,
      )
      hidden(t, url, order, body)
    }
    for (const fields of ['pickupCode', 'qrPayload', 'number,qrPayload,pickupCode']) {
      const url = `/v1/orders?cafeteriaId=${cafeteria.id}&limit=1&fields=${fields}`
      const { body } = await get(url, reader.caller)
      const expected = { number, ...withoutCode }
      t.same(
        body.data,
        [Object.fromEntries(fields.split(',').map((field) => [field, expected[field as 'number']]))],
        fields,
      )
    }
    const alone = await get(`/v1/orders/${order.id}`, reader.caller)
    t.match(alone.body, { number, ...withoutCode })
    hidden(t, 'alone', order, alone.body)

    const wrong = order.pickupCode === 'AAAA' ? 'BBBB' : 'AAAA'
    for (const [name, body] of [
      ['accept', {}],
      ['accept', {}],
      ['start', {}],
      ['ready', {}],
      ['recall', {}],
      ['ready', {}],
      ['collect', { pickupCode: wrong }],
      ['collect', { pickupCode: order.pickupCode }],
    ] as const) {
      const answer = await move(reader, order.id, name, body)
      if (answer.status === 200) t.match(answer.body, { number, ...withoutCode }, `${who}: ${name}`)
      else t.match(answer, { status: 422, body: { code: 'wrong_pickup_code' } })
      hidden(t, `${who}: ${name}`, order, answer.body)
    }
    for (const [name, body] of [
      ['reject', { reason: 'Sold out' }],
      ['cancel', { reason: 'Broken oven' }],
    ] as const) {
      const other = await placed()
      const answer = await move(reader, other.id, name, body)
      t.match(answer, { status: 200, body: withoutCode })
      hidden(t, `${who}: ${name}`, other, answer.body)
      hidden(t, 'a refused move', other, (await move(reader, other.id, 'start')).body)
    }
    await sequenceAll(db)
    for (const url of [
      `/v1/orders/${order.id}/events`,
      `/v1/orders/${order.id}/payments`,
      `/v1/cafeterias/${cafeteria.id}/feed`,
    ]) {
      const { status, body } = await get(url, reader.caller)
      t.equal(status, 200, url)
      hidden(t, url, order, body)
    }
  }
})

t.test('who works there and orders for themselves reads the code of their own order only', async (t) => {
  await db
    .insertInto('accounts')
    .values({ id: staff.id, kind: 'wallet', currency: 'MXN', balanceCents: 100_000 })
    .execute()
  const [own, other] = [await placed(staff), await placed()]
  const { body } = await get(`/v1/orders?cafeteriaId=${cafeteria.id}&limit=2`, staff.caller)
  t.match(body.data, [{ id: other.id, ...withoutCode }, own])
  t.match((await get('/v1/orders?mine=true&fields=pickupCode', staff.caller)).body.data, [
    { pickupCode: own.pickupCode },
  ])
  t.match((await move(staff, own.id, 'accept')).body, { pickupCode: own.pickupCode })
})

t.test(
  'a number belongs to one order of a cafeteria and a day, and gets longer when the short ones are taken',
  async (t) => {
    await db.updateTable('pickupSlots').set({ capacityOrders: 1000 }).execute()
    const { id } = await placed()
    await sql`insert into orders
    select (jsonb_populate_record(o, jsonb_build_object('id', uuidv7(), 'number', n))).*
    from orders o, generate_series(1000, 9999) n where o.id = ${id}
    on conflict (cafeteria_id, pickup_date, number) do nothing`.execute(db)
    const orders = await Promise.all(Array.from({ length: 10 }, () => placed()))
    t.ok(orders.every(({ number }) => number >= 10_000 && number <= 99_999))
    t.equal(new Set(orders.map(({ number }) => number)).size, orders.length)
    await t.rejects(
      sql`update orders set number = 1000 where id = ${orders[0]?.id}`.execute(db),
      /orders_cafeteria_id_pickup_date_number_key/,
    )
  },
)
