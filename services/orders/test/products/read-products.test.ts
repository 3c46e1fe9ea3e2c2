import { sql } from 'kysely'
import t from 'tap'
import { addModifierGroup, addProduct } from '../builders.ts'
import { unknownId } from '../editing-app.ts'
import { startProductsApp } from './products-app.ts'

const { db, send, cafeteria, category, product, elsewhere, manager, minimal, statements } =
  await startProductsApp(t)

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
