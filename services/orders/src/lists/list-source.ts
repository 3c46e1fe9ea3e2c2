import type { Database, ReadOptions, Schema } from '@comanda/database'
import {
  cursorPage,
  decodeCursor,
  numberedPage,
  type Pagination,
  pageOffset,
  parseFields,
} from '@comanda/service'
import type { Kysely } from 'kysely'

/** The members of ListQuery. */
export interface ListRequest {
  limit: number
  cursor?: string
  page?: number
  fields?: string
}

/** The rows of a list that are read: those after a sort key, or those after skipping `offset` rows. */
export interface Slice<Key extends readonly unknown[]> {
  limit: number
  after?: Key | undefined
  offset?: number | undefined
}

type SortKeyType = 'string' | 'number' | 'uuid' | 'timestamp'
type KeyOf<KeyTypes extends readonly SortKeyType[]> = {
  -readonly [I in keyof KeyTypes]: KeyTypes[I] extends 'number' ? number : string
}

/** A list that can be read in pages by cursor or by number, with some of its fields. */
export interface ListSource<Item extends object, KeyTypes extends readonly SortKeyType[]> {
  fields: readonly (keyof Item & string)[]
  /** The fields that it is sorted by; the last one is unique. */
  sortedBy: readonly (keyof Item & string)[]
  keyTypes: KeyTypes
  list: (
    db: Kysely<Schema>,
    fields: readonly (keyof Item & string)[],
    slice: Slice<KeyOf<KeyTypes>>,
  ) => Promise<Partial<Item>[]>
  /** Counts the rows, at least up to one more than `mostNumberedRows`. */
  count: (db: Kysely<Schema>) => Promise<number>
}

/** A page of a list: with `nextCursor`, or with `pagination` where the request has a `page`. */
export interface ListPage<Item> {
  data: Partial<Item>[]
  nextCursor?: string | null
  pagination?: Pagination
}

/** A page of a list whose items are always answered whole. */
export type WholePage<Item> = ListPage<Item> & { data: Item[] }

/**
 * Reads a page of a list from a replica, in one statement; two with `page`, which also counts.
 * @throws AppError unknown_field, invalid_cursor
 */
export function readList<Item extends object, const KeyTypes extends readonly SortKeyType[]>(
  database: Database,
  request: ListRequest,
  options: ReadOptions,
  source: ListSource<Item, KeyTypes>,
): Promise<ListPage<Item>> {
  return readListBy((query) => database.read('catalogue', query, options), request, source)
}

/**
 * Reads a page of a list as `readList` does, from the database that `read` chooses.
 * @throws AppError unknown_field, invalid_cursor
 */
export async function readListBy<Item extends object, const KeyTypes extends readonly SortKeyType[]>(
  read: <T>(query: (db: Kysely<Schema>) => Promise<T>) => Promise<T>,
  request: ListRequest,
  source: ListSource<Item, KeyTypes>,
): Promise<ListPage<Item>> {
  const { limit, cursor, page } = request
  const asked = parseFields(request.fields, source.fields) ?? source.fields
  if (page !== undefined) {
    const readPage = async (db: Kysely<Schema>) => {
      const data = await source.list(db, asked, { limit, offset: pageOffset({ page, limit }) })
      const total = await source.count(db)
      return numberedPage(
        data.map((row) => pick(row, asked)),
        { total, page, limit },
      )
    }
    return read(readPage)
  }
  const after = cursor === undefined ? undefined : (decodeCursor(cursor, source.keyTypes) as KeyOf<KeyTypes>)
  // The sort key is read even when it is not asked for, because the cursor is made of it.
  const fields = [...new Set([...asked, ...source.sortedBy])]
  const readRows = (db: Kysely<Schema>) => source.list(db, fields, { limit: limit + 1, after })
  const rows = await read(readRows)
  const { data, nextCursor } = cursorPage(rows, limit, (row) =>
    source.sortedBy.map((field) => row[field] as string | number),
  )
  return { data: data.map((row) => pick(row, asked)), nextCursor }
}

/**
 * Reads a page of a list that knows no `fields`, from the database that `read` chooses.
 * @throws AppError invalid_cursor
 */
export async function readWholeListBy<Item extends object, const KeyTypes extends readonly SortKeyType[]>(
  read: <T>(query: (db: Kysely<Schema>) => Promise<T>) => Promise<T>,
  request: Omit<ListRequest, 'fields'>,
  source: ListSource<Item, KeyTypes>,
): Promise<WholePage<Item>> {
  return (await readListBy(read, request, source)) as WholePage<Item>
}

function pick<Item extends object>(
  row: Partial<Item>,
  fields: readonly (keyof Item & string)[],
): Partial<Item> {
  return Object.fromEntries(fields.map((field) => [field, row[field]])) as Partial<Item>
}
