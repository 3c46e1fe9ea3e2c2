import t from 'tap'
import { decodeCursor, encodeCursor } from '#src/lists/cursor.ts'

const id = '019a0000-0000-7000-8000-00000000000a'
const at = '2026-11-22T18:45:35.123456+00:00'

t.test('a sort key comes back out of its cursor', async (t) => {
  t.same(decodeCursor(encodeCursor([at, id]), ['timestamp', 'uuid']), [at, id])
  t.same(decodeCursor(encodeCursor(['Tacos', 7]), ['string', 'number']), ['Tacos', 7])
})

t.test('a cursor that was made up is refused before Postgres sees it', async (t) => {
  const table: [string, string][] = [
    ['no JSON', 'bm90IGpzb24'],
    ['no list', Buffer.from('{"length":2}').toString('base64url')],
    ['too short a key', encodeCursor([at])],
    ['a number for a time', encodeCursor([1, id])],
    ['a word for a time', encodeCursor(['now', id])],
    ['a day that does not exist', encodeCursor(['2026-02-31T00:00:00+00:00', id])],
    ['a month that does not exist', encodeCursor(['2026-13-01T00:00:00+00:00', id])],
    ['a word for a UUID', encodeCursor([at, 'id'])],
  ]
  for (const [name, cursor] of table)
    t.throws(() => decodeCursor(cursor, ['timestamp', 'uuid']), { code: 'invalid_cursor', status: 400 }, name)
  for (const text of ['a\0b', null as unknown as string])
    t.throws(() => decodeCursor(encodeCursor([text]), ['string']), { code: 'invalid_cursor' })
  for (const number of ['7' as unknown as number, 1.5, 1e300])
    t.throws(() => decodeCursor(encodeCursor([number]), ['number']), { code: 'invalid_cursor' })
})
