import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addModifierGroup, addProduct, addSlot, addUser } from '../builders.ts'
import { type CampusApp, startCampusApp } from './campus-app.ts'

/** Everything that an order may leave behind, counted. */
async function traces({ database: { primary } }: CampusApp) {
  const { rows } = await sql`select
    (select count(*) from orders) as orders, (select count(*) from order_items) as items,
    (select count(*) from order_events) as events, (select count(*) from payments) as payments,
    (select count(*) from entries) as entries, (select count(*) from idempotency_keys) as keys,
    (select sum(balance_cents) from accounts) as balance, (select sum(stock_quantity) from products) as stock,
    (select sum(reserved_orders) from pickup_slots) as places`.execute(primary)
  return rows[0]
}

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
  const events = await database.primary.selectFrom('orderEvents').selectAll().execute()
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
    .selectFrom('orderEvents')
    .select(['type', 'version', 'actorRole'])
    .orderBy('version')
    .execute()
  t.strictSame(events, [
    { type: 'order.placed', version: 1, actorRole: 'customer' },
    { type: 'order.accepted', version: 2, actorRole: 'system' },
  ])
})

t.test('the same key and body get the first answer, whatever happened to the order since', async (t) => {
  const campus = await startCampusApp(t)
  const first = await campus.place({}, { key: 'k-1' })
  const before = await traces(campus)
  await campus.move(first.body.id, 'cancel', campus.campus.customer.caller)
  const again = await campus.place({}, { key: 'k-1' })
  t.equal(again.status, 201)
  t.strictSame(again.body, first.body)
  t.match(await traces(campus), { orders: 1, keys: before && (before as { keys: number }).keys })
})

t.test('a key belongs to one body and one customer', async (t) => {
  const { place, database } = await startCampusApp(t)
  const first = await place({}, { key: 'k-1' })
  const other = await place({ expectedTotalCents: 4500 }, { key: 'k-1' })
  t.match(other, { status: 422, body: { code: 'idempotency_key_reused' } })
  const stranger = await addUser(database.primary, { balanceCents: 10_000 })
  const own = await place({}, { key: 'k-1', caller: stranger.caller })
  t.equal(own.status, 201)
  t.not(own.body.id, first.body.id)
})

t.test(
  'of many requests with one key at once, one places the order and the others say so or repeat it',
  async (t) => {
    const campus = await startCampusApp(t)
    const answers = await Promise.all(Array.from({ length: 20 }, () => campus.place({}, { key: 'k-1' })))
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id))
    t.equal(ids.size, 1)
    for (const { status, body } of answers) {
      if (status !== 201) t.match({ status, body }, { status: 409, body: { code: 'idempotency_key_in_use' } })
    }
    t.match(await traces(campus), { orders: 1, payments: 1, places: 1, keys: 1, balance: 95_500 })
  },
)

t.test('a call that is still under way elsewhere keeps its key', async (t) => {
  const { place, database, campus } = await startCampusApp(t)
  await database.primary.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('k-1', hashtext(${campus.customer.id}::text)))`.execute(
      tx,
    )
    t.match(await place({}, { key: 'k-1' }), { status: 409, body: { code: 'idempotency_key_in_use' } })
  })
  t.equal((await place({}, { key: 'k-1' })).status, 201)
})

interface Refusal {
  status: number
  code: string
  extra?: object
  body: (campus: CampusApp) => object | Promise<object>
}

const line = (productId: string, rest: object = {}) => ({ items: [{ productId, quantity: 1, ...rest }] })
const uuid = '01900000-0000-7000-8000-000000000000'

const refusals: Record<string, Refusal> = {
  'an unknown cafeteria': { status: 422, code: 'cafeteria_unknown', body: () => ({ cafeteriaId: uuid }) },
  'a paused cafeteria': {
    status: 409,
    code: 'cafeteria_paused',
    extra: { reason: 'out of gas' },
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, {
        pausedAt: new Date().toISOString(),
        pauseReason: 'out of gas',
      })
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'a closed cafeteria': {
    status: 409,
    code: 'cafeteria_closed',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary)
      await database.primary.deleteFrom('openingHours').where('cafeteriaId', '=', cafeteria.id).execute()
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'an unknown slot': { status: 422, code: 'slot_unknown', body: () => ({ slotId: uuid, pickup: undefined }) },
  'a slot of another cafeteria': {
    status: 422,
    code: 'slot_unknown',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotDays: null })
      const slot = await addSlot(database.primary, { cafeteriaId: cafeteria.id })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot that is over': {
    status: 409,
    code: 'slot_closed',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2020-01-01T00:00:01+00:00',
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot without a place': {
    status: 409,
    code: 'slot_full',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T00:00:01+00:00',
        capacityOrders: 0,
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'a slot without the time to make it': {
    status: 409,
    code: 'slot_full',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T00:00:02+00:00',
        capacityMakeSeconds: 59,
      })
      return { slotId: slot.id, pickup: undefined }
    },
  },
  'no slot with room at all': {
    status: 409,
    code: 'no_slot_available',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotCapacityOrders: 0 })
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      return { cafeteriaId: cafeteria.id, ...line(product.id) }
    },
  },
  'an unknown product': {
    status: 422,
    code: 'product_unknown',
    extra: { line: 0, productId: uuid },
    body: () => line(uuid),
  },
  'a product of another cafeteria': {
    status: 422,
    code: 'product_unknown',
    body: async ({ database }) => {
      const cafeteria = await addCafeteria(database.primary, { slotDays: null })
      return line((await addProduct(database.primary, { cafeteriaId: cafeteria.id })).id)
    },
  },
  'a deleted product': {
    status: 422,
    code: 'product_unknown',
    body: async ({ database, campus }) =>
      line(
        (
          await addProduct(database.primary, {
            cafeteriaId: campus.cafeteria.id,
            deletedAt: new Date().toISOString(),
          })
        ).id,
      ),
  },
  'a product that is out of stock': {
    status: 409,
    code: 'product_unavailable',
    body: async ({ database, campus }) =>
      line((await addProduct(database.primary, { cafeteriaId: campus.cafeteria.id, available: false })).id),
  },
  'more of a product than there is, over two lines': {
    status: 409,
    code: 'product_unavailable',
    extra: { availableQuantity: 3 },
    body: async ({ database, campus }) => {
      const product = await addProduct(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        stockQuantity: 3,
      })
      return { items: [1, 2].map(() => ({ productId: product.id, quantity: 2 })) }
    },
  },
  'a product outside its mealtime': {
    status: 409,
    code: 'product_not_served',
    body: async ({ database, campus }) => {
      const slot = await addSlot(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        startsAt: '2099-01-01T18:00:01+00:00',
      })
      const breakfast = await database.primary
        .insertInto('mealtimes')
        .values({ cafeteriaId: campus.cafeteria.id, name: 'Breakfast', starts: '07:00', ends: '11:00' })
        .returning('id')
        .executeTakeFirstOrThrow()
      const product = await addProduct(database.primary, {
        cafeteriaId: campus.cafeteria.id,
        mealtimeId: breakfast.id,
      })
      return { ...line(product.id), slotId: slot.id, pickup: undefined }
    },
  },
  'a modifier of another product': {
    status: 422,
    code: 'modifier_unknown',
    body: async ({ database, campus }) => {
      const group = await addModifierGroup(database.primary, { cafeteriaId: campus.cafeteria.id })
      return line(campus.product.id, { modifierIds: [group.modifiers[0]?.id] })
    },
  },
  'too few modifiers of a group': {
    status: 422,
    code: 'modifier_choice_invalid',
    extra: { group: 'Size', minSelect: 1, maxSelect: 1 },
    body: async ({ database, campus: { cafeteria } }) => {
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      await addModifierGroup(database.primary, {
        cafeteriaId: cafeteria.id,
        name: 'Size',
        minSelect: 1,
        productIds: [product.id],
      })
      return line(product.id)
    },
  },
  'too many modifiers of a group': {
    status: 422,
    code: 'modifier_choice_invalid',
    body: async ({ database, campus: { cafeteria } }) => {
      const product = await addProduct(database.primary, { cafeteriaId: cafeteria.id })
      const group = await addModifierGroup(database.primary, {
        cafeteriaId: cafeteria.id,
        productIds: [product.id],
      })
      return line(product.id, { modifierIds: group.modifiers.map(({ id }) => id) })
    },
  },
  'a changed price': {
    status: 409,
    code: 'price_changed',
    extra: { totalCents: 4500 },
    body: () => ({ expectedTotalCents: 4400 }),
  },
  'too little in the wallet': {
    status: 402,
    code: 'insufficient_balance',
    extra: { balanceCents: 100_000, totalCents: 135_000 },
    body: ({ campus }) => line(campus.product.id, { quantity: 30 }),
  },
}

t.test('what cannot be ordered is refused with a code and leaves no trace', async (t) => {
  const campus = await startCampusApp(t)
  for (const [name, { status, code, extra = {}, body }] of Object.entries(refusals)) {
    await t.test(name, async (t) => {
      const order = await body(campus)
      const before = await traces(campus)
      const answer = await campus.place(order, { key: name })
      t.match(answer, { status, body: { status, code, requestId: String, ...extra } })
      t.match(answer.headers['content-type'], 'application/problem+json')
      t.strictSame(await traces(campus), before)
    })
  }
})

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
  'a card without a token': { body: { payment: { method: 'card' } }, field: /token|payment/ },
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
