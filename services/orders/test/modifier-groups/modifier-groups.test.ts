import t from 'tap'
import { addModifierGroup, addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, product, elsewhere, manager, admin } =
  await startEditingApp(t)
const milk = {
  cafeteriaId: cafeteria.id,
  name: 'Milk',
  minSelect: 1,
  maxSelect: 2,
  modifiers: [{ name: 'Whole' }, { name: 'Oat', priceDeltaCents: 800 }, { name: 'Soy', available: false }],
}
const add = async () => (await send('POST', '/v1/modifier-groups', manager, milk)).body

t.test('a manager adds a group with its modifiers, and anybody lists them', async (t) => {
  const created = await send('POST', '/v1/modifier-groups', manager, milk)
  t.equal(created.status, 201)
  t.match(created.body, {
    ...milk,
    modifiers: [
      { id: String, name: 'Whole', priceDeltaCents: 0, available: true },
      { id: String, name: 'Oat', priceDeltaCents: 800, available: true },
      { id: String, name: 'Soy', priceDeltaCents: 0, available: false },
    ],
  })
  t.match(await auditOf(created.body.id), [
    { action: 'modifier_group.create', actorId: manager.id, subjectType: 'modifier_group', after: milk },
  ])
  await addModifierGroup(db, { cafeteriaId: elsewhere.id })
  const { body } = await send('GET', `/v1/modifier-groups?cafeteriaId=${cafeteria.id}`)
  t.same(body, { data: [created.body], nextCursor: null })
  const counted = await send('GET', `/v1/modifier-groups?cafeteriaId=${cafeteria.id}&page=1&fields=name`)
  t.match(counted.body, { data: [{ name: 'Milk' }], pagination: { total: 1 } })

  const plain = await send('POST', '/v1/modifier-groups', manager, {
    cafeteriaId: cafeteria.id,
    name: 'Extras',
    modifiers: [{ name: 'Cheese' }],
  })
  t.match(plain.body, { minSelect: 0, maxSelect: 1 })
})

t.test(
  'the modifiers of a group are replaced: kept by id, added without one, deleted when left out',
  async (t) => {
    const group = await add()
    const [whole, oat, soy] = group.modifiers
    const url = `/v1/modifier-groups/${group.id}`
    const changed = await send('PATCH', url, admin, {
      maxSelect: 1,
      modifiers: [
        { name: 'Almond', priceDeltaCents: -50 },
        { id: oat.id, name: 'Oats' },
      ],
    })
    t.match(changed, {
      status: 200,
      body: {
        name: 'Milk',
        maxSelect: 1,
        modifiers: [
          { name: 'Almond', priceDeltaCents: -50 },
          { id: oat.id, name: 'Oats', priceDeltaCents: 800, available: true },
        ],
      },
    })
    t.equal(changed.body.modifiers.length, 2)
    const stored = await db
      .selectFrom('modifiers')
      .select(['id', 'deletedAt'])
      .where('groupId', '=', group.id)
      .execute()
    const deleted = stored.filter(({ deletedAt }) => deletedAt !== null).map(({ id }) => id)
    t.same(deleted.toSorted(), [whole.id, soy.id].toSorted(), 'orders may still name them')
    t.match((await auditOf(group.id)).at(-1), {
      action: 'modifier_group.update',
      actorId: admin.id,
      before: { modifiers: [{ name: 'Whole' }, {}, {}] },
      after: { modifiers: [{ name: 'Almond' }, {}] },
    })
    t.match((await send('PATCH', url, manager, { name: 'Leche' })).body.modifiers, [
      { name: 'Almond' },
      { name: 'Oats' },
    ])
    for (const id of [whole.id, unknownId]) {
      t.match(await send('PATCH', url, manager, { modifiers: [{ name: 'New' }, { id, name: 'x' }] }), {
        status: 422,
        body: { code: 'modifier_of_another_group', errors: [{ field: 'modifiers[1].id' }] },
      })
    }
  },
)

t.test('a deleted group is off its products, with its modifiers', async (t) => {
  const group = await addModifierGroup(db, { cafeteriaId: cafeteria.id, productIds: [product.id] })
  const other = await addModifierGroup(db, { cafeteriaId: cafeteria.id, productIds: [product.id] })
  t.equal((await send('GET', `/v1/products/${product.id}`)).body.modifierGroups.length, 2)
  t.equal((await send('DELETE', `/v1/modifier-groups/${group.id}`, manager)).status, 204)
  t.match((await send('GET', `/v1/products/${product.id}`)).body.modifierGroups, [{ id: other.id }])
  const left = await db
    .selectFrom('modifiers')
    .select('id')
    .where('groupId', '=', group.id)
    .where('deletedAt', 'is', null)
    .execute()
  t.same(left, [])
  t.match(await auditOf(group.id), [
    { action: 'modifier_group.delete', before: { name: group.name }, after: null },
  ])
  t.match(await send('DELETE', `/v1/modifier-groups/${group.id}`, manager), {
    status: 404,
    body: { code: 'modifier_group_not_found' },
  })
})

t.test('a group that no choice could satisfy is refused', async (t) => {
  const group = await add()
  const url = `/v1/modifier-groups/${group.id}`
  const invalid = { status: 422, body: { code: 'modifier_limits_invalid', errors: [{ field: 'minSelect' }] } }
  t.match(
    await send('POST', '/v1/modifier-groups', manager, { ...milk, minSelect: 3, maxSelect: 2 }),
    invalid,
  )
  t.match(
    await send('POST', '/v1/modifier-groups', manager, { ...milk, minSelect: 4, maxSelect: 9 }),
    invalid,
  )
  t.match(await send('PATCH', url, manager, { minSelect: 3 }), invalid)
  t.match(await send('PATCH', url, manager, { minSelect: 2, modifiers: [{ name: 'Whole' }] }), invalid)
  t.same(
    (await send('GET', `/v1/modifier-groups?cafeteriaId=${cafeteria.id}&limit=100`)).body.data.filter(
      ({ id }: { id: string }) => id === group.id,
    ),
    [group],
  )
  for (const wrong of [{ modifiers: [] }, { maxSelect: 0 }, { modifiers: [{ name: 'x', price: 1 }] }]) {
    const { status } = await send('POST', '/v1/modifier-groups', manager, { ...milk, ...wrong })
    t.equal(status, 400, JSON.stringify(wrong))
  }
})

t.test('others do not write', async (t) => {
  const group = await addModifierGroup(db, { cafeteriaId: cafeteria.id })
  await addProduct(db, { cafeteriaId: cafeteria.id })
  const url = `/v1/modifier-groups/${group.id}`
  await refusesOthers(t, (who) => send('POST', '/v1/modifier-groups', who, milk), {
    notFound: 'cafeteria_not_found',
  })
  await refusesOthers(t, (who) => send('PATCH', url, who, { name: 'x' }), {
    notFound: 'modifier_group_not_found',
  })
  await refusesOthers(t, (who) => send('DELETE', url, who), { notFound: 'modifier_group_not_found' })
})
