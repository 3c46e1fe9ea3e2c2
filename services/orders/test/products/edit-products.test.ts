import t from 'tap'
import { addModifierGroup, addProduct } from '../builders.ts'
import { startProductsApp } from './products-app.ts'

const { db, send, auditOf, cafeteria, manager, admin, minimal } = await startProductsApp(t)

const rowOf = (id: string) =>
  db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('a product needs little, and may have everything', async (t) => {
  const created = await send('POST', '/v1/products', manager, minimal)
  t.equal(created.status, 201)
  t.match(created.body, {
    ...minimal,
    description: '',
    allergens: [],
    position: 0,
    availability: { status: 'in_stock' },
    modifierGroups: [],
  })
  t.equal(created.headers.location, `/v1/products/${created.body.id}`)
  t.same((await send('GET', `/v1/products/${created.body.id}`)).body, created.body)

  const groups = [
    await addModifierGroup(db, { cafeteriaId: cafeteria.id }),
    await addModifierGroup(db, { cafeteriaId: cafeteria.id }),
  ]
  const mealtime = await db
    .insertInto('mealtimes')
    .values({ cafeteriaId: cafeteria.id, name: 'Lunch', starts: '12:00', ends: '15:00' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const values = {
    description: 'With cinnamon\nand piloncillo',
    allergens: ['milk'],
    dietaryTags: ['vegetarian', 'gluten-free'],
    imageUrl: 'https://images.comanda.test/cafe.webp',
    position: 4,
    mealtimeId: mealtime.id,
  }
  const full = await send('POST', '/v1/products', admin, {
    ...minimal,
    ...values,
    modifierGroupIds: groups.map(({ id }) => id).toReversed(),
    availability: { status: 'quantity', quantity: 12 },
  })
  t.match(full, {
    status: 201,
    body: {
      ...values,
      availability: { status: 'quantity', quantity: 12 },
      modifierGroups: [{ id: groups[1]?.id }, { id: groups[0]?.id }],
    },
  })
  t.match(await rowOf(full.body.id), { available: true, stockQuantity: 12 })
  t.match(await auditOf(full.body.id), [
    { action: 'product.create', actorId: admin.id, subjectType: 'product', before: null, after: values },
  ])
})

t.test('a manager changes what is given and nothing else', async (t) => {
  const group = await addModifierGroup(db, { cafeteriaId: cafeteria.id })
  const { id } = await addProduct(db, { ...minimal, stockQuantity: 5 })
  const url = `/v1/products/${id}`
  const changed = await send('PATCH', url, manager, { priceCents: 3600, modifierGroupIds: [group.id] })
  t.match(changed, {
    status: 200,
    body: {
      ...minimal,
      priceCents: 3600,
      modifierGroups: [{ id: group.id }],
      availability: { status: 'quantity', quantity: 5 },
    },
  })
  t.match(await auditOf(id), [
    {
      action: 'product.update',
      actorId: manager.id,
      before: { priceCents: 3500 },
      after: { priceCents: 3600 },
    },
  ])
  t.match((await send('PATCH', url, manager, { name: 'Café' })).body.modifierGroups, [{ id: group.id }])
  t.same((await send('PATCH', url, manager, { modifierGroupIds: [] })).body.modifierGroups, [])
  t.match(
    (await send('PATCH', url, manager, { availability: { status: 'out_of_stock' }, imageUrl: null })).body,
    {
      availability: { status: 'out_of_stock' },
    },
  )
})

t.test('a deleted product is gone, but its row stays', async (t) => {
  const { id } = await addProduct(db, minimal)
  const url = `/v1/products/${id}`
  t.equal((await send('DELETE', url, manager)).status, 204)
  t.ok((await rowOf(id)).deletedAt)
  t.match(await auditOf(id), [{ action: 'product.delete', before: { name: minimal.name }, after: null }])
  const gone = { status: 404, body: { code: 'product_not_found' } }
  t.match(await send('GET', url), gone)
  t.match(await send('DELETE', url, manager), gone)
  t.match(await send('PATCH', url, manager, { name: 'x' }), gone)
  t.match(await send('PUT', `${url}/availability`, manager, { status: 'in_stock' }), gone)
})
