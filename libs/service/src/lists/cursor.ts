import { platformErrors } from '../problems/platform.errors.ts'

type Key = readonly (string | number)[]

/** The sort key of a row as an opaque cursor. */
export function encodeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/**
 * The sort key inside a cursor, checked against the kinds its list sorts by, in order. A cursor comes from outside:
 * anything else than what `encodeCursor` made for such a list throws `invalid_cursor`.
 */
export function decodeCursor<const K extends readonly ('string' | 'number')[]>(
  cursor: string,
  kinds: K,
): { -readonly [I in keyof K]: K[I] extends 'string' ? string : number } {
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (cause) {
    throw platformErrors.invalid_cursor(undefined, { cause })
  }
  const fits =
    Array.isArray(key) && key.length === kinds.length && kinds.every((kind, at) => typeof key[at] === kind)
  if (!fits) throw platformErrors.invalid_cursor()
  return key as never
}

/**
 * A page of a cursor list from rows read with one more than the limit: that one more says whether there is a next page.
 * `nextCursor` is null on the last page.
 */
export function cursorPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => Key) {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null
  return { data, nextCursor }
}
