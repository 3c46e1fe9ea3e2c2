import type { OrderStatus } from '@comanda/ordering'

/** The orders of one customer, those of some cafeterias, or (neither given) all orders. */
export interface OrderScope {
  userId?: string | undefined
  cafeteriaIds?: readonly string[] | undefined
}

/** The conditions of a list besides its scopes. */
export interface OrderFilter extends OrderScope {
  statuses?: readonly OrderStatus[] | undefined
}

/** The sort key of a list, newest first. */
export interface OrderPosition {
  createdAt: string
  id: string
}

/** Keeps a value of a statement and returns its placeholder. */
export type Bind = (value: unknown) => string

/** The status of most orders. The indexes by status have no such orders, so it is listed by indexes of all orders. */
const commonest: OrderStatus = 'collected'
/** Says that an index without the commonest status is enough, which Postgres does not see from values that are parameters. */
const uncommon = (table: string) => `${table}.status <> '${commonest}'`

/** Writes the condition that an order is in a list. */
export function matching({ userId, cafeteriaIds, statuses }: OrderFilter, bind: Bind): string {
  const conditions: string[] = []
  const isOneOf = (column: string, values: readonly string[], type: string) =>
    // A single value is compared by `=`, so that an index in the list's order can answer.
    conditions.push(
      values.length === 1
        ? `orders.${column} = ${bind(values[0])}`
        : `orders.${column} = any(${bind(values)}::${type}[])`,
    )
  if (userId !== undefined) conditions.push(`orders.user_id = ${bind(userId)}`)
  if (cafeteriaIds) isOneOf('cafeteria_id', cafeteriaIds, 'uuid')
  if (statuses) {
    isOneOf('status', statuses, 'text')
    if (!statuses.includes(commonest)) conditions.push(uncommon('orders'))
  }
  return conditions.join(' and ') || 'true'
}

/** Which orders of a list are read. */
export interface Page {
  limit: number
  after?: OrderPosition | undefined
  offset?: number | undefined
}

/** Writes what follows `from orders` to read a page of a list, newest first. */
export function pageOfOrders(filter: OrderFilter, page: Page, bind: Bind): string {
  const { cafeteriaIds, statuses } = filter
  const scans = (cafeteriaIds?.length ?? 1) * (statuses?.length ?? 1)
  // In a merged scan the index of a cafeteria says which orders have the commonest status, so that no others are read.
  const filtered = cafeteriaIds !== undefined && statuses?.includes(commonest) === true
  return scans === 1 && !filtered
    ? `where ${matching(filter, bind)} ${pageOf('orders', page, bind)}`
    : `where orders.id in (${mergedScans(filter, page, bind)}) order by orders.created_at desc, orders.id desc`
}

/** Writes the end of a query that has conditions: the position, the order and the limits of a page. */
function pageOf(table: string, { limit, after, offset }: Page, bind: Bind): string {
  const position =
    after === undefined
      ? ''
      : `and (${table}.created_at, ${table}.id) < (${bind(after.createdAt)}, ${bind(after.id)})`
  const skipping = offset === undefined ? '' : `offset ${bind(offset)}`
  return `${position} order by ${table}.created_at desc, ${table}.id desc limit ${bind(limit)} ${skipping}`
}

/**
 * Writes the query of the ids of a page of orders that are of several cafeterias or statuses: each pair of them is an index in the list's
 * order, of which no more than a page is read. Postgres itself would read all orders that match, and sort them.
 */
function mergedScans({ userId, cafeteriaIds, statuses }: OrderFilter, page: Page, bind: Bind): string {
  const { limit, after, offset = 0 } = page
  const [user, cafeterias] = [userId && bind(userId), cafeteriaIds && bind([...new Set(cafeteriaIds)])]
  const firstRows = pageOf('o', { limit: limit + offset, after }, bind)

  function scans(sets: string[], condition: string): string {
    const conditions = [condition]
    if (user) conditions.push(`o.user_id = ${user}`)
    if (cafeterias) {
      sets.push(`unnest(${cafeterias}::uuid[]) as cafeteria (id)`)
      conditions.push('o.cafeteria_id = cafeteria.id')
    }
    return `select one.* from ${['(select) as nothing', ...sets].join(' cross join ')} cross join lateral (
        select o.id, o.created_at from orders o where ${conditions.join(' and ')} ${firstRows}
      ) one`
  }

  const parts: string[] = []
  const others = [...new Set(statuses)].filter((status) => status !== commonest)
  if (statuses === undefined) parts.push(scans([], 'true'))
  if (statuses?.includes(commonest)) parts.push(scans([], `o.status = '${commonest}'`))
  if (others.length > 0)
    parts.push(
      scans(
        [`unnest(${bind(others)}::text[]) as chosen (status)`],
        `o.status = chosen.status and ${uncommon('o')}`,
      ),
    )
  return `select one.id from (${parts.join(' union all ')}) one
    order by one.created_at desc, one.id desc limit ${bind(limit)} offset ${bind(offset)}`
}
