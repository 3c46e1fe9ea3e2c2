import { sql } from 'kysely'
import t from 'tap'
import { addCafeteria, addCategory, addModifierGroup, addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, cafeteria, category, product, manager, admin, statements } = await startEditingApp(t)
const url = `/v1/cafeterias/${cafeteria.id}/menu`

t.test(
  'a menu holds categories, products and modifiers in order, whatever its size in one statement',
  async (t) => {
    const first = await addCategory(db, { cafeteriaId: cafeteria.id, position: 0, name: 'First' })
    await db.updateTable('categories').set({ position: 1 }).where('id', '=', category.id).execute()
    await addCategory(db, { cafeteriaId: cafeteria.id, name: 'Empty' })
    const soldOut = await addProduct(db, {
      cafeteriaId: cafeteria.id,
      categoryId: first.id,
      stockQuantity: 0,
      position: 2,
    })
    const counted = await addProduct(db, {
      cafeteriaId: cafeteria.id,
      categoryId: first.id,
      stockQuantity: 4,
      position: 1,
    })
    await addProduct(db, {
      cafeteriaId: cafeteria.id,
      categoryId: first.id,
      deletedAt: new Date().toISOString(),
    })
    const group = await addModifierGroup(db, {
      cafeteriaId: cafeteria.id,
      productIds: [counted.id, product.id],
    })

    statements.length = 0
    const { status, body } = await send('GET', url)
    t.equal(statements.length, 1)
    t.equal(status, 200)
    t.match(body, {
      cafeteriaId: cafeteria.id,
      name: cafeteria.name,
      currency: 'MXN',
      timeZone: 'America/Mexico_City',
      pausedAt: null,
      at: String,
      categories: [
        {
          id: first.id,
          name: 'First',
          products: [
            {
              id: counted.id,
              availability: { status: 'quantity', quantity: 4 },
              modifierGroups: [{ id: group.id, modifiers: [{ name: 'Oat milk', priceDeltaCents: 800 }, {}] }],
            },
            { id: soldOut.id, availability: { status: 'out_of_stock' }, modifierGroups: [] },
          ],
        },
        { id: category.id, products: [{ id: product.id, availability: { status: 'in_stock' } }] },
      ],
    })
    t.equal(body.categories.length, 2, 'an empty category is left out')
    t.equal(body.categories[0].products.length, 2)
    const alone = await send('GET', `/v1/products/${counted.id}`)
    t.same(body.categories[0].products[0], alone.body, 'a product is the same everywhere')
  },
)

t.test('mealtimes decide by the local time of the cafeteria', async (t) => {
  const tokyo = await addCafeteria(db, { timeZone: 'Asia/Tokyo', slotDays: null })
  const [breakfast] = await db
    .insertInto('mealtimes')
    .values({ cafeteriaId: tokyo.id, name: 'Breakfast', starts: '07:00', ends: '11:00' })
    .returning('id')
    .execute()
  const rice = await addProduct(db, { cafeteriaId: tokyo.id, mealtimeId: breakfast?.id as string })
  const tea = await addProduct(db, { cafeteriaId: tokyo.id, categoryId: rice.categoryId, position: 1 })
  for (const [at, ids] of [
    ['2030-03-01T06:59:59+09:00', [tea.id]],
    ['2030-03-01T07:00:00+09:00', [rice.id, tea.id]],
    ['2030-02-28T22:30:00Z', [rice.id, tea.id]],
    ['2030-03-01T11:00:01+09:00', [tea.id]],
    ['2030-03-01T08:00:00Z', [tea.id]],
  ] as const) {
    const { body } = await send('GET', `/v1/cafeterias/${tokyo.id}/menu?at=${encodeURIComponent(at)}`)
    const found = body.categories.flatMap(({ products }: { products: { id: string }[] }) => products)
    t.same(
      found.map(({ id }: { id: string }) => id),
      ids,
      at,
    )
    t.equal(Date.parse(body.at), Date.parse(at))
  }
})

t.test('a mealtime may run past midnight', async (t) => {
  const madrid = await addCafeteria(db, { timeZone: 'Europe/Madrid', slotDays: null })
  const night = await send('POST', '/v1/mealtimes', admin, {
    cafeteriaId: madrid.id,
    name: 'Night',
    starts: '21:00',
    ends: '02:00',
  })
  t.equal(night.status, 201)
  await addProduct(db, { cafeteriaId: madrid.id, mealtimeId: night.body.id })
  for (const [at, served] of [
    ['2027-06-01T20:59:59+02:00', 0],
    ['2027-06-01T21:00:00+02:00', 1],
    ['2027-06-02T00:00:00+02:00', 1],
    ['2027-06-02T02:00:00+02:00', 1],
    ['2027-06-02T02:00:01+02:00', 0],
    // The clock shows 02:30 twice in this night: the mealtime has ended before both.
    ['2027-10-31T01:59:59+02:00', 1],
    ['2027-10-31T02:30:00+02:00', 0],
    ['2027-10-31T02:00:00+01:00', 0],
  ] as const) {
    const { body } = await send('GET', `/v1/cafeterias/${madrid.id}/menu?at=${encodeURIComponent(at)}`)
    t.equal(body.categories.length, served, at)
  }
})

t.test('the menu of now is that of when the mealtimes last changed it', async (t) => {
  const tokyo = await addCafeteria(db, { timeZone: 'Asia/Tokyo', slotDays: null })
  const menu = async () => (await send('GET', `/v1/cafeterias/${tokyo.id}/menu`)).body as { at: string }
  const { createdAt } = await db
    .selectFrom('cafeterias')
    .select('createdAt')
    .where('id', '=', tokyo.id)
    .executeTakeFirstOrThrow()
  t.equal(Date.parse((await menu()).at), Date.parse(createdAt), 'it has none yet')
  await db
    .insertInto('mealtimes')
    .values({ cafeteriaId: tokyo.id, name: 'Breakfast', starts: '07:00', ends: '11:00' })
    .execute()
  const { rows } = await sql<{ at: string; last: string; next: string }>`
    select at, last_menu_change(${tokyo.id}, 'Asia/Tokyo', at::timestamptz) as last,
      next_menu_change(${tokyo.id}, 'Asia/Tokyo', at::timestamptz) as next
    from unnest(array[
      '2030-03-01T06:59:59+09:00', '2030-03-01T07:00:00+09:00', '2030-03-01T11:00:00+09:00', '2030-03-01T11:00:01+09:00'
    ]) at`.execute(db)
  const [yesterday, seven, eleven] = [
    '2030-02-28T11:00+09:00',
    '2030-03-01T07:00+09:00',
    '2030-03-01T11:00+09:00',
  ]
  t.same(
    rows.map(({ last }) => Date.parse(last)),
    [yesterday, seven, seven, eleven].map((at) => Date.parse(at)),
  )
  t.same(
    rows.map(({ next }) => Date.parse(next)),
    [seven, eleven, eleven, '2030-03-02T07:00+09:00'].map((at) => Date.parse(at)),
  )
  const { at } = await menu()
  t.ok(Date.parse(at) > Date.now() - 24 * 3_600_000 && Date.parse(at) <= Date.now())
  t.equal((await menu()).at, at)
})

t.test('a manager sees their change at once', async (t) => {
  await send('PATCH', `/v1/products/${product.id}`, manager, { priceCents: 1 })
  const { body } = await send('GET', url)
  t.equal(body.categories[1].products[0].priceCents, 1)
})

t.test('an unknown cafeteria and moments that are none are refused', async (t) => {
  t.match(await send('GET', `/v1/cafeterias/${unknownId}/menu`), {
    status: 404,
    body: { code: 'cafeteria_not_found' },
  })
  for (const at of [
    'now',
    '2030-03-01',
    '2030-03-01T10:00:00',
    '2030-02-30T10:00:00Z',
    '2030-03-01T10:00:00+23:00',
  ]) {
    t.equal((await send('GET', `${url}?at=${encodeURIComponent(at)}`)).status, 400, at)
  }
})
