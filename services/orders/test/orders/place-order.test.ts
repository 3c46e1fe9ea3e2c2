import t from 'tap'
import { addModifierGroup, addProduct, addSlot } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'
import { traces } from './traces.ts'

t.test('an order is priced, held, paid from the wallet and recorded in one statement', async (t) => {
  const campus = await startCampusApp(t)
  const { place, database, statements } = campus
  const { cafeteria, customer } = campus.campus
  const product = await addProduct(database.primary, {
    cafeteriaId: cafeteria.id,
    priceCents: 3000,
    makeSeconds: 90,
    stockQuantity: 5,
  })
  const milk = await addModifierGroup(database.primary, {
    cafeteriaId: cafeteria.id,
    productIds: [product.id],
  })
  const slot = await addSlot(database.primary, {
    cafeteriaId: cafeteria.id,
    startsAt: '2099-01-01T12:00:30+00:00',
  })
  statements.length = 0

  const placed = await place({
    slotId: slot.id,
    pickup: undefined,
    items: [{ productId: product.id, quantity: 2, modifierIds: [milk.modifiers[0]?.id], note: 'no straw' }],
    expectedTotalCents: 7600,
  })

  t.equal(placed.status, 201)
  t.equal(statements.length, 1, 'one round trip')
  t.match(placed.body, {
    status: 'placed',
    version: 1,
    cafeteriaId: cafeteria.id,
    userId: customer.id,
    slotId: slot.id,
    items: [
      {
        productId: product.id,
        name: product.name,
        quantity: 2,
        unitPriceCents: 3800,
        modifiers: [{ modifierId: milk.modifiers[0]?.id, name: 'Oat milk', priceDeltaCents: 800 }],
        note: 'no straw',
      },
    ],
    totalCents: 7600,
    currency: 'MXN',
    paymentMethod: 'wallet',
    payment: { provider: 'wallet', status: 'captured', amountCents: 7600, refundedCents: 0 },
    pickupAt: '2099-01-01T12:00:30+00:00',
    promisedAt: '2099-01-01T12:00:30+00:00',
    pickupCode: /^[2-9A-HJ-NP-Z]{4}$/,
  })
  t.equal(placed.body.qrPayload, `comanda:collect:${placed.body.id}:${placed.body.pickupCode}`)
  t.match(placed.headers, { etag: '"1"', location: `/v1/orders/${placed.body.id}` })

  t.match(await traces(campus), {
    orders: 1,
    items: 1,
    events: 1,
    payments: 1,
    entries: 1,
    balance: 92_400,
    stock: 3,
    places: 1,
  })
  const events = await database.primary.selectFrom('events').selectAll().execute()
  t.match(events, [
    {
      orderId: placed.body.id,
      version: 1,
      type: 'order.placed',
      actorId: customer.id,
      actorRole: 'customer',
    },
  ])
  const held = await database.primary
    .selectFrom('pickupSlots')
    .selectAll()
    .where('id', '=', slot.id)
    .executeTakeFirst()
  t.match(held, { reservedOrders: 1, reservedMakeSeconds: 180 })
})

t.test(
  'what the database answers is what the schema of an order lets through, no more and no less',
  async (t) => {
    const { place, call, as, campus, database } = await startCampusApp(t)
    const { cafeteria, customer } = campus
    const plain = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
    const coffee = await addProduct(database.primary, {
      cafeteriaId: cafeteria.id,
      name: '"Café"\n\\ \u{1f375}',
    })
    const milk = await addModifierGroup(database.primary, {
      cafeteriaId: cafeteria.id,
      productIds: [coffee.id],
    })
    const items = [
      { productId: coffee.id, quantity: 2, modifierIds: [milk.modifiers[0]?.id], note: 'no "straw"' },
      { productId: plain.id, quantity: 1 },
    ]
    const placed = await place({ items })
    const read = await call({ url: `/v1/orders/${placed.body.id}`, headers: as(customer.caller) })
    t.strictSame(placed.body, read.body)
    t.equal(placed.headers['content-type'], read.headers['content-type'])
  },
)

t.test(
  'as soon as possible takes the first slot with room, and not before the food can be made',
  async (t) => {
    const { place, campus, database } = await startCampusApp(t)
    const product = await addProduct(database.primary, { cafeteriaId: campus.cafeteria.id, makeSeconds: 120 })
    const items = [{ productId: product.id, quantity: 1 }]
    const first = await place({ items })
    t.ok(Date.parse(first.body.promisedAt) >= Date.parse(first.body.createdAt) + 120_000)
    t.ok(Date.parse(first.body.pickupUntil) >= Date.parse(first.body.promisedAt))
    await database.primary
      .updateTable('pickupSlots')
      .set({ capacityOrders: 1 })
      .where('id', '=', first.body.slotId)
      .execute()
    const second = await place({ items })
    t.not(second.body.slotId, first.body.slotId)
    t.ok(second.body.pickupAt > first.body.pickupAt)
  },
)

t.test('a cafeteria that accepts by itself does so in the same statement', async (t) => {
  const { place, campus, database, statements } = await startCampusApp(t)
  await database.primary
    .updateTable('cafeterias')
    .set({ autoAccept: true })
    .where('id', '=', campus.cafeteria.id)
    .execute()
  statements.length = 0
  const { body } = await place()
  t.match(body, { status: 'accepted', version: 2, acceptedAt: body.createdAt, deadlineAt: null })
  t.equal(statements.length, 1)
  const events = await database.primary
    .selectFrom('events')
    .select(['type', 'version', 'actorRole'])
    .orderBy('version')
    .execute()
  t.strictSame(events, [
    { type: 'order.placed', version: 1, actorRole: 'customer' },
    { type: 'order.accepted', version: 2, actorRole: 'system' },
  ])
})

const uuid = '01900000-0000-7000-8000-000000000000'

const invalid: Record<string, { body: object; field: RegExp }> = {
  'no items': { body: { items: [] }, field: /items/ },
  'a quantity of nought': { body: { items: [{ productId: uuid, quantity: 0 }] }, field: /items.*quantity/ },
  'a quantity in words': { body: { items: [{ productId: uuid, quantity: '2' }] }, field: /items.*quantity/ },
  'an id that is none': { body: { cafeteriaId: 'here' }, field: /cafeteriaId/ },
  'an unknown field': { body: { tip: 100 }, field: /tip/ },
  'an unknown field in a line': {
    body: { items: [{ productId: uuid, quantity: 1, price: 1 }] },
    field: /price/,
  },
  'both a slot and as soon as possible': { body: { slotId: uuid }, field: /^$|slotId|pickup|body/ },
  neither: { body: { pickup: undefined }, field: /^$|slotId|pickup|body/ },
  'an unknown way to pay': { body: { payment: { method: 'barter' } }, field: /payment/ },
}

t.test('a body that is not an order is refused with the fields that are wrong', async (t) => {
  const campus = await startCampusApp(t)
  for (const [name, { body, field }] of Object.entries(invalid)) {
    const answer = await campus.place(body)
    t.match(answer, { status: 400, body: { code: 'validation_failed' } }, name)
    t.ok(
      answer.body.errors.some((error: { field: string }) => field.test(error.field)),
      `${name}: ${JSON.stringify(answer.body.errors)}`,
    )
  }
  t.match(await traces(campus), { orders: 0, balance: 100_000 })
})

t.test('a stranger is asked to log in', async (t) => {
  const { call } = await startCampusApp(t)
  t.match(await call({ method: 'POST', url: '/v1/orders', payload: {} }), {
    status: 401,
    body: { code: 'access_token_missing' },
  })
})
