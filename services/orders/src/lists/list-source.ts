import type { Database, ReadOptions, Schema } from '@comanda/database'
import { cursorPage, decodeCursor, numberedPage, pageOffset, parseFields } from '@comanda/service'
import type { Kysely } from 'kysely'

/** The members of ListQuery. */
export interface ListRequest {
  limit: number
  cursor?: string
  page?: number
  fields?: string
}

/** Which rows of a list: from a sort key on, or skipping some. */
export interface Slice<Key extends readonly unknown[]> {
  limit: number
  after?: Key | undefined
  offset?: number | undefined
}

type Kind = 'string' | 'number' | 'uuid'
type KeyOf<Kinds extends readonly Kind[]> = {
  -readonly [I in keyof Kinds]: Kinds[I] extends 'number' ? number : string
}

/** A list that can be read in pages of either kind, with some of its fields. */
export interface ListSource<Item extends object, Kinds extends readonly Kind[]> {
  fields: readonly (keyof Item & string)[]
  /** What it is sorted by, ascending; the last one is unique. */
  sortedBy: readonly (keyof Item & string)[]
  kinds: Kinds
  list: (
    db: Kysely<Schema>,
    fields: readonly (keyof Item & string)[],
    slice: Slice<KeyOf<Kinds>>,
  ) => Promise<Partial<Item>[]>
  count: (db: Kysely<Schema>) => Promise<number>
}

/**
 * A page of a list, in one statement; two with `page`, which also counts.
 * @throws AppError unknown_field, invalid_cursor
 */
export async function readList<Item extends object, const Kinds extends readonly Kind[]>(
  database: Database,
  request: ListRequest,
  options: ReadOptions,
  source: ListSource<Item, Kinds>,
) {
  const { limit, cursor, page } = request
  const asked = parseFields(request.fields, source.fields) ?? source.fields
  if (page !== undefined) {
    const readPage = async (db: Kysely<Schema>) => {
      const data = await source.list(db, asked, { limit, offset: pageOffset({ page, limit }) })
      return numberedPage(data, { total: await source.count(db), page, limit })
    }
    return database.read('catalogue', readPage, options)
  }
  const after = cursor === undefined ? undefined : (decodeCursor(cursor, source.kinds) as KeyOf<Kinds>)
  // The sort key is read even when it is not asked for, because the cursor is made of it.
  const fields = [...new Set([...asked, ...source.sortedBy])]
  const readRows = (db: Kysely<Schema>) => source.list(db, fields, { limit: limit + 1, after })
  const rows = await database.read('catalogue', readRows, options)
  const { data, nextCursor } = cursorPage(rows, limit, (row) =>
    source.sortedBy.map((field) => row[field] as string | number),
  )
  return { data: data.map((row) => pick(row, asked)), nextCursor }
}

function pick<Item extends object>(
  row: Partial<Item>,
  fields: readonly (keyof Item & string)[],
): Partial<Item> {
  return Object.fromEntries(fields.map((field) => [field, row[field]])) as Partial<Item>
}
