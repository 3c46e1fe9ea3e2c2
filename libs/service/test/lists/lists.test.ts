import t from 'tap'
import { Type } from 'typebox'
import {
  cursorPage,
  decodeCursor,
  encodeCursor,
  listOf,
  listQuery,
  mostNumberedRows,
  numberedPage,
  pageOffset,
  parseFields,
} from '#src/index.ts'
import { route, testService } from '../support.ts'

const rows = Array.from({ length: 7 }, (_, at) => ({ id: at + 1, createdAt: `2026-11-0${at + 1}` }))

t.test('following the cursor gives every row once and ends with null', async (t) => {
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const [, after] = cursor === null ? ['', 0] : decodeCursor(cursor, ['string', 'number'])
    const found = rows.filter((row) => row.id > after).slice(0, 3 + 1)
    const page: ReturnType<typeof cursorPage<(typeof rows)[number]>> = cursorPage(found, 3, (row) => [
      row.createdAt,
      row.id,
    ])
    seen.push(...page.data.map((row) => row.id))
    cursor = page.nextCursor
  } while (cursor !== null)
  t.same(seen, [1, 2, 3, 4, 5, 6, 7])
  t.same(
    cursorPage([], 3, () => []),
    { data: [], nextCursor: null },
  )
})

t.test('a cursor that is not one of ours is refused', async (t) => {
  const others = [
    '',
    'x',
    '%%%',
    encodeCursor(['a']),
    encodeCursor([1, 'a']),
    encodeCursor(['a', 1, 2]),
    Buffer.from('{}').toString('base64url'),
  ]
  for (const cursor of others) {
    t.throws(
      () => decodeCursor(cursor, ['string', 'number']),
      { code: 'invalid_cursor', status: 400 },
      cursor,
    )
  }
})

t.test('a numbered page counts rows and pages', async (t) => {
  t.same(numberedPage([1, 2], { total: 41, page: 2, limit: 20 }), {
    data: [1, 2],
    pagination: { total: 41, totalIsExact: true, page: 2, limit: 20, totalPages: 3 },
  })
  t.equal(numberedPage([], { total: 0, page: 1, limit: 20 }).pagination.totalPages, 0)
  t.equal(pageOffset({ page: 3, limit: 20 }), 40)
})

t.test('numbered pages end where counting ends, and say so', async (t) => {
  const { pagination } = numberedPage([], { total: mostNumberedRows + 1, page: 1, limit: 30 })
  t.same(pagination, { total: 10_000, totalIsExact: false, page: 1, limit: 30, totalPages: 334 })
  t.equal(numberedPage([], { total: mostNumberedRows, page: 1, limit: 30 }).pagination.totalIsExact, true)
  t.equal(pageOffset({ page: 334, limit: 30 }), 9990)
  t.throws(() => pageOffset({ page: 335, limit: 30 }), {
    code: 'validation_failed',
    extra: { errors: [{ field: 'page' }] },
  })
})

t.test('fields are chosen from those allowed', async (t) => {
  const allowed = ['id', 'status', 'totalCents'] as const
  t.equal(parseFields(undefined, allowed), undefined)
  t.equal(parseFields(' ', allowed), undefined)
  t.same(parseFields('status, id,status', allowed), ['status', 'id'])
  t.throws(() => parseFields('id,password', allowed), {
    code: 'unknown_field',
    status: 400,
    extra: { errors: [{ field: 'fields', message: 'must be one of id, status, totalCents' }] },
  })
  t.throws(() => parseFields('constructor', allowed), { code: 'unknown_field' })
})

t.test('the members of a list query have their bounds and defaults', async (t) => {
  const { app } = await testService(t)
  const response = { 200: listOf(Type.Integer(), 'Numbers') }
  const schema = { ...route('List'), querystring: Type.Object(listQuery(['id'])), response }
  app.get('/list', { config: { access: 'public' }, schema }, async ({ query }) => {
    return { data: [query.limit], nextCursor: null }
  })
  t.same((await app.inject('/list')).json(), { data: [20], nextCursor: null })
  t.same((await app.inject('/list?limit=100&page=2&fields=id')).json().data, [100])
  t.same((await app.inject('/list?limit=100&fields=id&cursor=abc')).json().data, [100])
  t.match((await app.inject('/list?page=2&cursor=abc')).json(), {
    status: 400,
    code: 'validation_failed',
    errors: [{ field: 'page', message: 'must not be given together with cursor' }],
  })
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=ten',
    'page=0',
    'cursor=',
    'cursor=a%2Bb',
    'offset=3',
  ]) {
    t.equal((await app.inject(`/list?${query}`)).statusCode, 400, query)
  }
})
