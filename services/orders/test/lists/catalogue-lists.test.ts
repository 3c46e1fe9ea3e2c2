import t from 'tap'
import { addCafeteria, addCategory, addModifierGroup, addProduct } from '../builders.ts'
import { startEditingApp } from '../editing-app.ts'

const { db, send, statements } = await startEditingApp(t, { CACHE: 'off' })

// There are four more of each, some of them with the same sort key.
for (const at of [1, 2, 3, 4]) {
  const { id: cafeteriaId } = await addCafeteria(db, {
    name: at > 2 ? 'Twins' : `Number ${at}`,
    slotDays: null,
  })
  const { id: categoryId } = await addCategory(db, { cafeteriaId, position: at >> 1 })
  await addProduct(db, { cafeteriaId, categoryId, position: at >> 1 })
  await addModifierGroup(db, { cafeteriaId, name: 'Milk' })
  await db
    .insertInto('mealtimes')
    .values({ cafeteriaId, name: 'Lunch', starts: '12:00', ends: '15:00' })
    .execute()
}

const encode = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')

for (const [url, foreignCursor] of [
  ['/v1/cafeterias', [1, 'x']],
  ['/v1/categories', ['x', '01900000-0000-7000-8000-000000000000']],
  ['/v1/products', [1, 'no id']],
  ['/v1/modifier-groups', ['x']],
  ['/v1/mealtimes', ['x', 'y', 'z']],
] as const) {
  t.test(`${url} can be read in pages of either kind, which show everything once`, async (t) => {
    const all = (await send('GET', `${url}?limit=100`)).body
    t.equal(all.nextCursor, null)
    t.ok(all.data.length >= 4)

    const followed = []
    let cursor = ''
    do {
      const { body } = await send('GET', `${url}?limit=2${cursor && `&cursor=${cursor}`}`)
      followed.push(...body.data)
      cursor = body.nextCursor
    } while (cursor)
    t.same(followed, all.data)

    const numbered = []
    const pages = Math.ceil(all.data.length / 2)
    for (let page = 1; page <= pages; page += 1) {
      const { body } = await send('GET', `${url}?limit=2&page=${page}`)
      t.same(body.pagination, {
        total: all.data.length,
        totalIsExact: true,
        page,
        limit: 2,
        totalPages: pages,
      })
      numbered.push(...body.data)
    }
    t.same(numbered, all.data)
    t.same((await send('GET', `${url}?page=500`)).body.data, [])
    t.match(await send('GET', `${url}?page=501`), { status: 400, body: { errors: [{ field: 'page' }] } })
  })

  t.test(`${url} costs one statement, two when it also counts, whatever its size`, async (t) => {
    for (const [query, count] of [
      ['limit=2', 1],
      ['limit=100', 1],
      ['limit=2&page=1', 2],
      ['limit=100&page=1', 2],
    ] as const) {
      statements.length = 0
      await send('GET', `${url}?${query}`)
      t.equal(statements.length, count, query)
    }
  })

  t.test(`${url} shows only the fields that are asked for, and knows no others`, async (t) => {
    for (const query of ['fields=id', 'fields=id&page=1']) {
      for (const row of (await send('GET', `${url}?${query}`)).body.data) t.same(Object.keys(row), ['id'])
    }
    t.match(await send('GET', `${url}?fields=id,secret`), { status: 400, body: { code: 'unknown_field' } })
  })

  t.test(`${url} refuses cursors that are not its own, and limits that are none`, async (t) => {
    for (const key of [foreignCursor, 'x', null, {}]) {
      t.match(await send('GET', `${url}?cursor=${encode(key)}`), {
        status: 400,
        body: { code: 'invalid_cursor' },
      })
    }
    for (const query of ['limit=0', 'limit=101', 'page=0', 'page=x', 'sort=name', 'cafeteriaId=x']) {
      t.match(
        await send('GET', `${url}?${query}`),
        { status: 400, body: { code: 'validation_failed' } },
        query,
      )
    }
  })
}

t.test('a cursor beyond every position is the end', async (t) => {
  const cursor = encode([2 ** 50, '01900000-0000-7000-8000-000000000000'])
  for (const url of ['/v1/categories', '/v1/products']) {
    t.match(await send('GET', `${url}?cursor=${cursor}`), {
      status: 200,
      body: { data: [], nextCursor: null },
    })
  }
})
