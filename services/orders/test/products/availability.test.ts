import t from 'tap'
import { addProduct } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, customer, staff, manager, statements } =
  await startEditingApp(t)

const set = (id: string, body: object, who = staff) =>
  send('PUT', `/v1/products/${id}/availability`, who, body)
const shown = async (id: string) => (await send('GET', `/v1/products/${id}`)).body.availability

t.test('staff and managers set each kind of availability, and the menu says so', async (t) => {
  const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
  for (const [who, given, answered, stored] of [
    [
      staff,
      { status: 'quantity', quantity: 3 },
      { status: 'quantity', quantity: 3 },
      { available: true, stockQuantity: 3 },
    ],
    [
      manager,
      { status: 'out_of_stock' },
      { status: 'out_of_stock' },
      { available: false, stockQuantity: null },
    ],
    [
      staff,
      { status: 'quantity', quantity: 0 },
      { status: 'out_of_stock' },
      { available: true, stockQuantity: 0 },
    ],
    [manager, { status: 'in_stock' }, { status: 'in_stock' }, { available: true, stockQuantity: null }],
  ] as const) {
    const answer = await set(id, given, who)
    t.equal(answer.status, 200)
    t.same(answer.body.availability, answered)
    t.equal(answer.body.id, id)
    t.same(await shown(id), answered)
    const row = await db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst()
    t.match(row, stored)
  }
  t.match(await auditOf(id), [
    {
      action: 'product.availability',
      actorId: staff.id,
      before: { available: true, stockQuantity: null },
      after: { available: true, stockQuantity: 3 },
      requestId: String,
    },
    { actorId: manager.id, after: { available: false, stockQuantity: null } },
    { actorId: staff.id, after: { available: true, stockQuantity: 0 } },
    { actorId: manager.id, after: { available: true, stockQuantity: null } },
  ])
})

t.test('an order of the last one makes the product out of stock', async (t) => {
  const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
  await set(id, { status: 'quantity', quantity: 2 })
  const order = () =>
    send('POST', '/v1/orders', customer, {
      cafeteriaId: cafeteria.id,
      items: [{ productId: id, quantity: 1 }],
      pickup: 'asap',
      payment: { method: 'wallet' },
    })
  t.equal((await order()).status, 201)
  t.same(await shown(id), { status: 'quantity', quantity: 1 })
  t.equal((await order()).status, 201)
  t.same(await shown(id), { status: 'out_of_stock' })
  t.match(await order(), { status: 409, body: { code: 'product_unavailable' } })
})

t.test('the change and its record are one statement, because orders wait for the row', async (t) => {
  const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
  statements.length = 0
  await set(id, { status: 'out_of_stock' })
  t.same(
    statements.map(({ queryType }) => queryType),
    ['select', 'with', 'select'],
  )
})

t.test('a quantity comes with its status, and only with it', async (t) => {
  const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
  for (const [body, field] of [
    [{ status: 'quantity' }, 'quantity'],
    [{ status: 'in_stock', quantity: 3 }, 'status'],
    [{ status: 'quantity', quantity: -1 }, 'quantity'],
    [{ status: 'quantity', quantity: '3' }, 'quantity'],
    [{ quantity: 3 }, 'status'],
    [{ status: 'in_stock', since: 'now' }, 'since'],
  ] as const) {
    const { status, body: problem } = await set(id, body)
    t.equal(status, 400)
    const fields = problem.errors.map((error: { field: string }) => error.field)
    t.ok(fields.includes(field), `${JSON.stringify(body)}: ${fields}`)
  }
  t.same(await auditOf(id), [])
})

t.test('strangers cannot learn whether there is such a product', async (t) => {
  const { id } = await addProduct(db, { cafeteriaId: cafeteria.id })
  await refusesOthers(
    t,
    (who) => send('PUT', `/v1/products/${id}/availability`, who, { status: 'in_stock' }),
    {
      notFound: 'product_not_found',
      staffMay: true,
    },
  )
  t.match(await set(unknownId, { status: 'in_stock' }), { status: 404, body: { code: 'product_not_found' } })
})
