import t from 'tap'
import { addCategory, addModifierGroup } from '../builders.ts'
import { unknownId } from '../editing-app.ts'
import { startProductsApp } from './products-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, product, elsewhere, manager, admin, minimal } =
  await startProductsApp(t)

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
