import { sql } from 'kysely'
import t from 'tap'
import { addCategory, addModifierGroup, addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const {
  db,
  send,
  auditOf,
  refusesOthers,
  cafeteria,
  category,
  product,
  elsewhere,
  manager,
  admin,
  statements,
} = await startEditingApp(t)

const minimal = {
  cafeteriaId: cafeteria.id,
  categoryId: category.id,
  name: 'Café de olla',
  priceCents: 3500,
  makeSeconds: 45,
}
const rowOf = (id: string) =>
  db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

t.test('anybody reads a product with what to choose from, in one statement', async (t) => {
  const second = await addModifierGroup(db, { cafeteriaId: cafeteria.id })
  const first = await addModifierGroup(db, { cafeteriaId: cafeteria.id })
  const rows = [second, first].map(({ id }, at) => ({ productId: product.id, groupId: id, position: 1 - at }))
  await db.insertInto('productModifierGroups').values(rows).execute()
  await db
    .updateTable('modifiers')
    .set({ deletedAt: new Date().toISOString() })
    .where('id', '=', first.modifiers[0]?.id as string)
    .execute()
  statements.length = 0
  const { status, body } = await send('GET', `/v1/products/${product.id}`)
  t.equal(statements.length, 1)
  t.equal(status, 200)
  t.match(body, {
    id: product.id,
    cafeteriaId: cafeteria.id,
    categoryId: category.id,
    mealtimeId: null,
    priceCents: 4500,
    currency: 'MXN',
    makeSeconds: 60,
    allergens: [],
    dietaryTags: [],
    imageUrl: null,
    availability: { status: 'in_stock' },
    modifierGroups: [
      { id: first.id, minSelect: 0, maxSelect: 1, modifiers: [{ name: 'Whole milk' }] },
      { id: second.id, modifiers: [{ name: 'Oat milk', priceDeltaCents: 800 }, { name: 'Whole milk' }] },
    ],
  })
  t.equal(body.modifierGroups[0].modifiers.length, 1, 'deleted ones are not shown')
  t.match(await send('GET', `/v1/products/${unknownId}`), {
    status: 404,
    body: { code: 'product_not_found' },
  })
})

t.test('a list is filtered by cafeteria, category and text, and reads only what is asked for', async (t) => {
  const taco = await addProduct(db, { cafeteriaId: cafeteria.id, name: '100% Taco', position: 2 })
  const soup = await addProduct(db, {
    cafeteriaId: cafeteria.id,
    description: 'Goes with a TACO',
    position: 1,
  })
  await addProduct(db, { cafeteriaId: elsewhere.id, name: 'Taco elsewhere' })
  await addProduct(db, { cafeteriaId: cafeteria.id, name: 'Old taco', deletedAt: new Date().toISOString() })
  const list = async (query: string) => {
    const { status, body } = await send('GET', `/v1/products?${query}`)
    t.equal(status, 200)
    return body.data.map(({ id }: { id: string }) => id)
  }
  t.same(await list(`cafeteriaId=${cafeteria.id}`), [product.id, soup.id, taco.id])
  t.same(await list(`cafeteriaId=${cafeteria.id}&q=taco`), [soup.id, taco.id])
  t.same(await list('q=0%25+t'), [taco.id], 'a percent sign is one')
  t.same(await list('q=_'), [])
  t.same(await list(`categoryId=${category.id}`), [product.id])
  t.equal(
    (await send('GET', `/v1/products?cafeteriaId=${cafeteria.id}&q=taco&page=1`)).body.pagination.total,
    2,
  )

  statements.length = 0
  const some = await send('GET', `/v1/products?cafeteriaId=${cafeteria.id}&fields=name,availability&limit=1`)
  t.same(some.body.data, [{ name: product.name, availability: { status: 'in_stock' } }])
  t.equal(statements.length, 1)
  t.notMatch(statements[0]?.text ?? '', /modifier|description/)
})

t.test('a search ignores accents, case and Unicode form', async (t) => {
  const created = await send('POST', '/v1/products', manager, { ...minimal, name: 'Jamón de Ávila' })
  const { id } = created.body
  t.equal(created.status, 201)
  const found = async (q: string, more = '') => {
    const { body } = await send('GET', `/v1/products?q=${encodeURIComponent(q)}${more}`)
    return body.data.map((product: { id: string }) => product.id)
  }
  const queries = ['jamon', 'JAMÓN', 'Jamón'.normalize('NFD'), 'on de avi', 'ÁVILA']
  for (const q of queries) {
    t.same(await found(q), [id], q)
    t.same(await found(q, '&page=1&fields=id'), [id], `${q}, by page`)
  }
  t.same(await found('jabon'), [])
  const renamed = await send('PATCH', `/v1/products/${id}`, manager, { name: 'Cecina', description: 'Añeja' })
  t.equal(renamed.status, 200)
  t.same(await found('jamon'), [], 'an edit is searched as it is now')
  t.same(await found('aneja'), [id])
  const { rows } = await sql`select * from audit_log where subject_id = ${id}`.execute(db)
  t.notMatch(JSON.stringify(rows), /search/i)
  t.notMatch(JSON.stringify(renamed.body), /search/i)
})

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

t.test('what belongs to another cafeteria, or to nobody, is refused with the field', async (t) => {
  const foreign = {
    category: (await addCategory(db, { cafeteriaId: elsewhere.id })).id,
    group: (await addModifierGroup(db, { cafeteriaId: elsewhere.id })).id,
    mealtime: (
      await db
        .insertInto('mealtimes')
        .values({ cafeteriaId: elsewhere.id, name: 'Night', starts: '20:00', ends: '24:00' })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id,
  }
  const own = await addModifierGroup(db, { cafeteriaId: cafeteria.id })
  for (const [changes, code, field] of [
    [{ categoryId: foreign.category }, 'category_unknown', 'categoryId'],
    [{ categoryId: unknownId }, 'category_unknown', 'categoryId'],
    [{ mealtimeId: foreign.mealtime }, 'mealtime_unknown', 'mealtimeId'],
    [{ mealtimeId: unknownId }, 'mealtime_unknown', 'mealtimeId'],
    [{ modifierGroupIds: [own.id, foreign.group] }, 'modifier_group_unknown', 'modifierGroupIds[1]'],
    [{ modifierGroupIds: [unknownId] }, 'modifier_group_unknown', 'modifierGroupIds[0]'],
  ] as const) {
    const refused = { status: 422, body: { code, errors: [{ field }] } }
    t.match(await send('POST', '/v1/products', admin, { ...minimal, ...changes }), refused, field)
    t.match(await send('PATCH', `/v1/products/${product.id}`, admin, changes), refused, field)
  }
  t.same(await auditOf(product.id), [], 'nothing was changed')
})

t.test('others do not write, and nonsense is refused', async (t) => {
  const url = `/v1/products/${product.id}`
  await refusesOthers(t, (who) => send('POST', '/v1/products', who, minimal), {
    notFound: 'cafeteria_not_found',
  })
  await refusesOthers(t, (who) => send('PATCH', url, who, { name: 'x' }), { notFound: 'product_not_found' })
  await refusesOthers(t, (who) => send('DELETE', url, who), { notFound: 'product_not_found' })
  for (const wrong of [
    { priceCents: -1 },
    { priceCents: 10.5 },
    { priceCents: '3500' },
    { makeSeconds: 7201 },
    { name: 'a\nb' },
    { imageUrl: 'javascript:alert(1)' },
    { allergens: ['milk', 'milk'] },
    { mealtimeId: 'lunch' },
    { availability: { status: 'plenty' } },
    { price: 3500 },
  ]) {
    const answer = await send('POST', '/v1/products', manager, { ...minimal, ...wrong })
    t.match(answer, { status: 400, body: { code: 'validation_failed' } }, JSON.stringify(wrong))
  }
  const { makeSeconds, ...incomplete } = minimal
  t.match((await send('POST', '/v1/products', manager, incomplete)).body.errors, [{ field: 'makeSeconds' }])
})
