import { platformErrors } from '../problems/platform.errors.ts'
import { findUnfit } from '../validation/unfit-value.ts'

type SortKey = readonly (string | number)[]

/** The sort key of a row as an opaque cursor. */
export function encodeCursor(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** What a member of a sort key may be, so that Postgres reads it without complaint: numbers are integers. */
type SortKeyType = 'string' | 'number' | 'uuid' | 'timestamp'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?\+00:00$/

const checks: Record<SortKeyType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string' && findUnfit(value) === undefined,
  number: Number.isSafeInteger,
  uuid: (value) => typeof value === 'string' && uuid.test(value),
  timestamp: (value) => typeof value === 'string' && isInstant(value),
}

/** Whether a date exists: the 31st of February has the form of one, and only parsing it shows that it is none. */
function isInstant(value: string): boolean {
  const seconds = timestamp.exec(value)?.[1]
  if (seconds === undefined) return false
  const read = new Date(`${seconds}Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(seconds)
}

/**
 * The sort key inside a cursor, checked against the kinds its list sorts by, in order. A cursor comes from outside:
 * anything else than what `encodeCursor` made for such a list throws `invalid_cursor`.
 */
export function decodeCursor<const K extends readonly SortKeyType[]>(
  cursor: string,
  kinds: K,
): { -readonly [I in keyof K]: K[I] extends 'number' ? number : string } {
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (cause) {
    throw platformErrors.invalid_cursor(undefined, { cause })
  }
  const fits =
    Array.isArray(key) &&
    key.length === kinds.length &&
    kinds.every((kind, at) => checks[kind]((key as unknown[])[at]))
  if (!fits) throw platformErrors.invalid_cursor()
  return key as never
}

/**
 * A page of a cursor list from rows read with one more than the limit: that one more says whether there is a next page.
 * `nextCursor` is null on the last page.
 */
export function cursorPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => SortKey) {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null
  return { data, nextCursor }
}
