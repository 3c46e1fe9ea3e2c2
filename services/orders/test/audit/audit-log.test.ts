import { sql } from 'kysely'
import t from 'tap'
import { addCategory, addProduct } from '../builders.ts'
import { startEditingApp } from '../editing-app.ts'

const { db, send, cafeteria, elsewhere, product, customer, staff, manager, stranger, admin } =
  await startEditingApp(t)
const other = await addProduct(db, {
  cafeteriaId: elsewhere.id,
  categoryId: (await addCategory(db, { cafeteriaId: elsewhere.id })).id,
})

// One of each way in which entries are written.
const writes = [
  ['PATCH', `/v1/products/${product.id}`, manager, { name: 'Soup' }, 'product.update', cafeteria.id],
  [
    'PUT',
    `/v1/products/${product.id}/availability`,
    staff,
    { status: 'quantity', quantity: 7 },
    'product.availability',
    cafeteria.id,
  ],
  [
    'PATCH',
    `/v1/cafeterias/${cafeteria.id}`,
    manager,
    { location: 'Upstairs' },
    'cafeteria.update',
    cafeteria.id,
  ],
  ['PATCH', `/v1/products/${other.id}`, stranger, { name: 'Salad' }, 'product.update', elsewhere.id],
  ['PATCH', '/v1/config', admin, { name: 'Campus' }, 'settings.update', null],
] as const
for (const [method, url, who, body] of writes) {
  const { status, body: answer } = await send(method, url, who, body)
  if (status >= 300) throw new Error(`${url} answered ${status} ${JSON.stringify(answer)}`)
}
const read = (query: string, who = admin) => send('GET', `/v1/audit-log?${query}`, who)
const actions = (body: { data: { action: string }[] }) => body.data.map(({ action }) => action)

t.test('an administrator reads everything, newest first', async (t) => {
  const { status, body } = await read('')
  t.equal(status, 200)
  t.same(
    body.data.map(({ action, cafeteriaId }: { action: string; cafeteriaId: string }) => [
      action,
      cafeteriaId,
    ]),
    writes.map(([, , , , action, cafeteriaId]) => [action, cafeteriaId]).toReversed(),
  )
  t.match(body.data.at(-1), {
    actorId: manager.id,
    subjectType: 'product',
    subjectId: product.id,
    before: { name: product.name },
    after: { name: 'Soup' },
    requestId: String,
    at: /^20/,
  })
  t.equal(body.nextCursor, null)
})

t.test('a manager reads what was done at their cafeteria, and others nothing', async (t) => {
  const own = ['cafeteria.update', 'product.availability', 'product.update']
  t.same(actions((await read('', manager)).body), own)
  t.same(actions((await read(`cafeteriaId=${cafeteria.id}`, manager)).body), own)
  t.same(actions((await read('', stranger)).body), ['product.update'])
  t.match(await read(`cafeteriaId=${elsewhere.id}`, manager), { status: 404 })
  t.equal((await read('', staff)).status, 403)
  t.equal((await read('', customer)).status, 403)
  t.equal((await send('GET', '/v1/audit-log')).status, 401)
})

t.test('it can be filtered, paged and cut down to fields like other lists', async (t) => {
  const [newest] = (await read('limit=1')).body.data
  for (const [query, expected] of [
    [`actorId=${manager.id}`, ['cafeteria.update', 'product.update']],
    ['action=product.update', ['product.update', 'product.update']],
    ['subjectType=settings', ['settings.update']],
    [`subjectId=${product.id}`, ['product.availability', 'product.update']],
    [`requestId=${newest.requestId}`, ['settings.update']],
    [`action=product.update&cafeteriaId=${elsewhere.id}`, ['product.update']],
    ['until=2020-01-01T00:00:00Z', []],
    [`from=${encodeURIComponent(newest.at)}`, ['settings.update']],
    [`until=${encodeURIComponent(newest.at)}&limit=1`, ['product.update']],
  ] as const) {
    const { status, body } = await read(query)
    t.equal(status, 200, `${query} ${JSON.stringify(body.errors)}`)
    t.same(actions(body), expected, query)
  }

  const all = (await read('limit=100')).body.data
  const followed = []
  let cursor = ''
  do {
    const { body } = await read(`limit=2${cursor && `&cursor=${cursor}`}`)
    followed.push(...body.data)
    cursor = body.nextCursor
  } while (cursor)
  t.same(followed, all)
  const { body } = await read('limit=2&page=3&fields=id,action')
  t.same(body.data, [{ id: all[4].id, action: 'product.update' }])
  t.same(body.pagination, { total: 5, totalIsExact: true, page: 3, limit: 2, totalPages: 3 })
})

t.test('nonsense is refused by name', async (t) => {
  for (const [query, field] of [
    ['cafeteriaId=x', 'cafeteriaId'],
    ['action=Product', 'action'],
    ['from=yesterday', 'from'],
    ['page=1&cursor=WzFd', 'page'],
    ['fields=secret', 'fields'],
  ] as const) {
    t.match(await read(query), { status: 400, body: { errors: [{ field }] } }, query)
  }
  t.match(await read('cursor=bm8'), { status: 400, body: { code: 'invalid_cursor' } })
})

t.test('every entry about something of a cafeteria names it', async (t) => {
  const { rows } = await sql<{ subjectType: string }>`
    select distinct subject_type from audit_log where cafeteria_id is null`.execute(db)
  t.same(
    rows.map(({ subjectType }) => subjectType),
    ['settings'],
  )
})
