import t from 'tap'
import { addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, manager, admin } = await startEditingApp(t)
const breakfast = { cafeteriaId: cafeteria.id, name: 'Breakfast', starts: '07:00', ends: '11:30' }

const add = async (values = {}) =>
  (await send('POST', '/v1/mealtimes', manager, { ...breakfast, ...values })).body

t.test('a manager adds, changes and deletes a mealtime, and anybody lists them', async (t) => {
  const created = await send('POST', '/v1/mealtimes', manager, breakfast)
  t.match(created, { status: 201, body: breakfast })
  const url = `/v1/mealtimes/${created.body.id}`
  t.match(await send('PATCH', url, manager, { ends: '24:00' }), {
    status: 200,
    body: { ...breakfast, ends: '24:00' },
  })
  t.match(
    await send('PATCH', url, admin, { name: 'Breakfast' }),
    { status: 200 },
    'its own name is not taken',
  )
  t.match((await send('GET', `/v1/mealtimes?cafeteriaId=${cafeteria.id}`)).body, {
    data: [{ id: created.body.id, name: 'Breakfast', starts: '07:00', ends: '24:00' }],
    nextCursor: null,
  })
  t.same((await send('GET', `/v1/mealtimes?cafeteriaId=${unknownId}`)).body.data, [])
  t.equal((await send('DELETE', url, manager)).status, 204)
  t.match(await auditOf(created.body.id), [
    { action: 'mealtime.create', actorId: manager.id, before: null, after: breakfast },
    { action: 'mealtime.update', before: { ends: '11:30' }, after: { ends: '24:00' } },
    { action: 'mealtime.update', actorId: admin.id },
    { action: 'mealtime.delete', before: { ends: '24:00' }, after: null },
  ])
  const gone = { status: 404, body: { code: 'mealtime_not_found' } }
  t.match(await send('PATCH', url, manager, { name: 'x' }), gone)
  t.match(await send('DELETE', url, manager), gone)
})

t.test('a mealtime that products are served at stays, until they are gone', async (t) => {
  const { id } = await add()
  const product = await addProduct(db, { cafeteriaId: cafeteria.id, mealtimeId: id })
  t.match(await send('DELETE', `/v1/mealtimes/${id}`, manager), {
    status: 409,
    body: { code: 'mealtime_in_use' },
  })
  t.equal((await auditOf(id)).length, 1)
  await send('DELETE', `/v1/products/${product.id}`, manager)
  t.equal((await send('DELETE', `/v1/mealtimes/${id}`, manager)).status, 204)
})

t.test('names and times must make sense', async (t) => {
  const { id } = await add({ name: 'Lunch' })
  const other = await add({ name: 'Dinner' })
  const taken = { status: 409, body: { code: 'mealtime_name_taken', errors: [{ field: 'name' }] } }
  t.match(await send('POST', '/v1/mealtimes', manager, { ...breakfast, name: 'Lunch' }), taken)
  t.match(await send('PATCH', `/v1/mealtimes/${other.id}`, manager, { name: 'Lunch' }), taken)
  const invalid = { status: 422, body: { code: 'mealtime_invalid', errors: [{ field: 'ends' }] } }
  t.match(await send('POST', '/v1/mealtimes', manager, { ...breakfast, name: 'x', ends: '07:00' }), invalid)
  t.match(await send('PATCH', `/v1/mealtimes/${id}`, manager, { starts: '11:30' }), invalid)
  const late = await send('PATCH', `/v1/mealtimes/${id}`, manager, { starts: '21:00', ends: '02:00' })
  t.match(late, { status: 200, body: { starts: '21:00', ends: '02:00' } }, 'it may run past midnight')
  for (const wrong of [{ starts: '7:00' }, { starts: '24:00' }, { name: ' ' }, { days: [] }]) {
    const { status } = await send('POST', '/v1/mealtimes', manager, { ...breakfast, ...wrong })
    t.equal(status, 400, JSON.stringify(wrong))
  }
})

t.test('others do not write', async (t) => {
  const { id } = await add({ name: 'Brunch' })
  const url = `/v1/mealtimes/${id}`
  const body = { ...breakfast, name: 'Mine' }
  await refusesOthers(t, (who) => send('POST', '/v1/mealtimes', who, body), {
    notFound: 'cafeteria_not_found',
  })
  await refusesOthers(t, (who) => send('PATCH', url, who, { name: 'x' }), { notFound: 'mealtime_not_found' })
  await refusesOthers(t, (who) => send('DELETE', url, who), { notFound: 'mealtime_not_found' })
})
