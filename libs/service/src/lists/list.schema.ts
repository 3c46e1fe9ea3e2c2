import { type TSchema, Type } from 'typebox'
import { refTo } from '../openapi/ref-to.ts'

const limit = Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many to answer' })
const cursor = Type.String({ minLength: 1, maxLength: 500, description: '`nextCursor` of the page before' })
/** 10,000 pages of 100 are a million rows; whoever needs more follows the cursor, which does not slow down. */
const page = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description: 'Number of the page, from 1; the answer then has `pagination` instead of `nextCursor`',
})
const fields = Type.String({
  maxLength: 500,
  description: 'Fields to answer, separated by commas; all when not given',
})

/** Members of a query that pages by cursor: spread them into the route's own querystring. */
export const CursorQuery = { limit, cursor: Type.Optional(cursor) }

/** Members of a query that pages by number. */
export const PageQuery = { limit, page: Type.Integer({ ...page, default: 1 }) }

/** Members of a query that pages either way: by number when `page` is given, by cursor otherwise. */
export const ListQuery = { ...CursorQuery, page: Type.Optional(page), fields: Type.Optional(fields) }

const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'For `cursor`, to get the next page; null on the last one',
})

/** The place of a page among the pages of a list. Every service knows the schema. */
export const Pagination = Type.Object(
  {
    total: Type.Integer({ minimum: 0, description: 'Of all pages together' }),
    page: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    totalPages: Type.Integer({ minimum: 0 }),
  },
  { $id: 'Pagination' },
)

/** The answer of a list that pages by cursor. */
export const cursorListOf = <T extends TSchema>(item: T) =>
  Type.Object({ data: Type.Array(item), nextCursor: NextCursor })

/** The answer of a list that pages by number. */
export const pageListOf = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    pagination: refTo(Pagination),
  })

/** The answer of a list that pages either way: `nextCursor` with a cursor, `pagination` with `page`. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({
    ...Type.Partial(cursorListOf(item)).properties,
    ...Type.Partial(pageListOf(item)).properties,
    data: Type.Array(item),
  })
