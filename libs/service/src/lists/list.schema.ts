import { type Static, type TSchema, Type } from 'typebox'
import { commaSeparated } from '../validation/comma-separated.ts'
import { refTo } from '../validation/ref-to.ts'
import { mostNumberedRows } from './page.ts'

const most = 100
const limit = (byDefault: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: byDefault, description: 'How many to answer' })
const cursor = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^[A-Za-z0-9_-]+$',
  description: '`nextCursor` of the page before',
})
const page = Type.Integer({
  minimum: 1,
  maximum: mostNumberedRows,
  description: `Number of the page, from 1 and within the first ${mostNumberedRows.toLocaleString('en')} entries, instead of a \`cursor\`; the answer then has \`pagination\` instead of \`nextCursor\``,
})

/**
 * Members of a query that pages either way: by number when `page` is given, by cursor otherwise. Spread them into the route's own
 * querystring; a request with both is refused.
 * @param limit how many are answered when the request does not say, 20 unless given
 */
export const pageQuery = (given: { limit?: number } = {}) => ({
  limit: limit(given.limit ?? 20),
  cursor: Type.Optional(cursor),
  page: Type.Optional(page),
})

/**
 * Members of a query that pages either way and may ask for some fields.
 * @param fields those that `fields` may ask for, which `parseFields` checks
 */
export const listQuery = (fields: readonly string[]) => ({
  ...pageQuery(),
  fields: Type.Optional(
    commaSeparated(Type.Enum([...fields]), {
      maxLength: 500,
      description: 'Fields to answer; all when not given',
    }),
  ),
})

const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'For `cursor`, to get the next page; null on the last one',
})

/** The place of a page among the pages of a list. Every service knows the schema. */
export const Pagination = Type.Object(
  {
    total: Type.Integer({
      minimum: 0,
      maximum: mostNumberedRows,
      description: `Entries of all pages together; at most ${mostNumberedRows.toLocaleString('en')} are counted`,
    }),
    totalIsExact: Type.Boolean({
      description: 'False: there are more than `total`, which only a cursor reaches',
    }),
    page: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    totalPages: Type.Integer({ minimum: 0 }),
  },
  { $id: 'Pagination' },
)
export type Pagination = Static<typeof Pagination>

/** The answer of a list that pages either way, named `$id` in the document: `nextCursor` with a cursor, `pagination` with `page`. */
export const listOf = <T extends TSchema>(item: T, $id: string) =>
  Type.Object(
    {
      data: Type.Array(item),
      nextCursor: Type.Optional(NextCursor),
      pagination: Type.Optional(refTo(Pagination)),
    },
    { $id },
  )
