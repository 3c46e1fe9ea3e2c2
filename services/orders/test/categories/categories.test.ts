import t from 'tap'
import { addCategory, addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, category, elsewhere, manager, admin } =
  await startEditingApp(t)

t.test('anybody lists the categories of one cafeteria, or of all, by position', async (t) => {
  const foreign = await addCategory(db, { cafeteriaId: elsewhere.id })
  const last = await addCategory(db, { cafeteriaId: cafeteria.id, position: 9 })
  await addCategory(db, { cafeteriaId: cafeteria.id, deletedAt: new Date().toISOString() })
  const list = async (query: string) => (await send('GET', `/v1/categories${query}`)).body.data
  t.match(await list(`?cafeteriaId=${cafeteria.id}`), [
    { id: category.id, cafeteriaId: cafeteria.id, name: category.name, position: 0 },
    { id: last.id, position: 9 },
  ])
  t.same(
    (await list('')).map(({ id }: { id: string }) => id),
    [category.id, foreign.id, last.id],
  )
  t.same(await list(`?cafeteriaId=${unknownId}`), [])
})

t.test('a manager adds, changes and deletes a category', async (t) => {
  const body = { cafeteriaId: cafeteria.id, name: 'Antojitos', position: 3 }
  const created = await send('POST', '/v1/categories', manager, body)
  t.match(created, { status: 201, body })
  const url = `/v1/categories/${created.body.id}`
  const changed = await send('PATCH', url, admin, { name: 'Tacos' })
  t.match(changed, { status: 200, body: { name: 'Tacos', position: 3 } })
  t.not(changed.body.updatedAt, created.body.updatedAt)
  t.equal((await send('DELETE', url, manager)).status, 204)

  const stored = await db
    .selectFrom('categories')
    .selectAll()
    .where('id', '=', created.body.id)
    .executeTakeFirst()
  t.match(stored, { name: 'Tacos', deletedAt: String }, 'it is only marked')
  t.match(await auditOf(created.body.id), [
    { action: 'category.create', actorId: manager.id, subjectType: 'category', before: null, after: body },
    { action: 'category.update', actorId: admin.id, before: { name: 'Antojitos' }, after: { name: 'Tacos' } },
    { action: 'category.delete', actorId: manager.id, before: { name: 'Tacos' }, after: null },
  ])
  const gone = { status: 404, body: { code: 'category_not_found' } }
  t.match(await send('PATCH', url, manager, { name: 'x' }), gone)
  t.match(await send('DELETE', url, manager), gone)
})

t.test('a category with products is not deleted', async (t) => {
  const full = await addCategory(db, { cafeteriaId: cafeteria.id })
  const product = await addProduct(db, { cafeteriaId: cafeteria.id, categoryId: full.id })
  const url = `/v1/categories/${full.id}`
  t.match(await send('DELETE', url, manager), { status: 409, body: { code: 'category_not_empty' } })
  t.same(await auditOf(full.id), [])
  await send('DELETE', `/v1/products/${product.id}`, manager)
  t.equal((await send('DELETE', url, manager)).status, 204)
})

t.test('others do not write, and nonsense is refused', async (t) => {
  const url = `/v1/categories/${category.id}`
  const body = { cafeteriaId: cafeteria.id, name: 'x' }
  await refusesOthers(t, (who) => send('POST', '/v1/categories', who, body), {
    notFound: 'cafeteria_not_found',
  })
  await refusesOthers(t, (who) => send('PATCH', url, who, { name: 'x' }), { notFound: 'category_not_found' })
  await refusesOthers(t, (who) => send('DELETE', url, who), { notFound: 'category_not_found' })
  t.match(await send('POST', '/v1/categories', admin, { ...body, cafeteriaId: unknownId }), {
    status: 404,
    body: { code: 'cafeteria_not_found' },
  })
  for (const wrong of [
    { name: '' },
    { name: 'a\u0000b' },
    { position: -1 },
    { position: 1e9 },
    { color: 'red' },
  ]) {
    t.equal(
      (await send('POST', '/v1/categories', manager, { ...body, ...wrong })).status,
      400,
      JSON.stringify(wrong),
    )
  }
  t.equal(
    (await send('PATCH', url, manager, { cafeteriaId: elsewhere.id })).status,
    400,
    'it stays where it is',
  )
  t.equal((await send('PATCH', url, manager, {})).status, 400)
})
