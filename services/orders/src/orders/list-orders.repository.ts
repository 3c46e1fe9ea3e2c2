import type { Schema } from '@comanda/database'
import type { OrderEvent } from '@comanda/events'
import type { OrderStatus } from '@comanda/ordering'
import { mostNumberedRows } from '@comanda/service'
import { CompiledQuery, type Kysely } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { type OrderField, type OrderRow, ordersJson, selectOrders } from './order-columns.ts'
import type { Order } from './orders.schema.ts'

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
type Bind = (value: unknown) => string

function matching({ userId, cafeteriaIds, statuses }: OrderFilter, bind: Bind): string {
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
  if (statuses) isOneOf('status', statuses, 'text')
  return conditions.join(' and ') || 'true'
}

/** Writes the condition that an order is within any of the scopes. */
function within(scopes: readonly OrderScope[], bind: Bind): string {
  return `(${scopes.map((scope) => matching(scope, bind)).join(' or ')})`
}

/**
 * Reads some fields of the orders that `fromOrders` chooses, the SQL that follows `from orders`. The tables of `items` and `payment` are
 * read only when these fields are asked for. The statement is put together as text, because a query builder took longer for every
 * request than Postgres takes to answer.
 */
async function readOrders(
  db: Kysely<Schema>,
  fields: readonly OrderField[],
  fromOrders: (bind: Bind) => string,
): Promise<OrderRow[]> {
  const values: unknown[] = []
  const chosen = fromOrders((value) => `$${values.push(value)}`)
  const text = `${selectOrders(fields)} ${chosen}`
  const { rows } = await db.withoutPlugins().executeQuery<OrderRow>(CompiledQuery.raw(text, values))
  return rows
}

/** Finds one order within any of the scopes, as a user reads it. Undefined: there is none. */
export async function findOrder(
  db: Kysely<Schema>,
  id: string,
  { scopes, readerId }: { scopes: readonly OrderScope[]; readerId: string },
  fields: readonly OrderField[],
): Promise<Order | undefined> {
  const [row] = await readOrders(
    db,
    fields,
    (bind) => `where orders.id = ${bind(id)} and ${within(scopes, bind)}`,
  )
  return row && (JSON.parse(ordersJson([row], fields, { readerId })) as [Order])[0]
}

/** Which orders of a list are read. */
interface Page {
  limit: number
  after?: OrderPosition | undefined
  offset?: number | undefined
}

/** Lists orders in one statement, newest first, after a position or skipping `offset` rows. */
export async function listOrders(
  db: Kysely<Schema>,
  filter: OrderFilter,
  fields: readonly OrderField[],
  page: Page,
): Promise<OrderRow[]> {
  const scans = (filter.cafeteriaIds?.length ?? 1) * (filter.statuses?.length ?? 1)
  return readOrders(db, fields, (bind) =>
    scans === 1
      ? `where ${matching(filter, bind)} ${pageOf('orders', page, bind)}`
      : `where orders.id in (${mergedScans(filter, page, bind)}) order by orders.created_at desc, orders.id desc`,
  )
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
  const sets: string[] = []
  const conditions: string[] = userId === undefined ? [] : [`o.user_id = ${bind(userId)}`]
  if (cafeteriaIds) {
    sets.push(`unnest(${bind([...new Set(cafeteriaIds)])}::uuid[]) as cafeteria (id)`)
    conditions.push('o.cafeteria_id = cafeteria.id')
  }
  if (statuses) {
    sets.push(`unnest(${bind([...new Set(statuses)])}::text[]) as chosen (status)`)
    conditions.push('o.status = chosen.status')
  }
  return `select one.id from ${sets.join(' cross join ')} cross join lateral (
      select o.id, o.created_at from orders o
      where ${conditions.join(' and ')} ${pageOf('o', { limit: limit + offset, after }, bind)}
    ) one order by one.created_at desc, one.id desc limit ${bind(limit)} offset ${bind(offset)}`
}

/** Counts the orders of a list, up to one more than numbered pages reach. */
export async function countOrders(db: Kysely<Schema>, filter: OrderFilter): Promise<number> {
  const values: unknown[] = []
  const bind: Bind = (value) => `$${values.push(value)}`
  const text = `select count(*) as total from (
    select from orders where ${matching(filter, bind)} limit ${bind(mostNumberedRows + 1)}) counted`
  const { rows } = await db.executeQuery<{ total: number }>(CompiledQuery.raw(text, values))
  return rows[0]?.total as number
}

/** The events of an order that are within any of the scopes, after a version. */
interface EventFilter {
  orderId: string
  scopes: readonly OrderScope[]
  afterVersion: number
}

const matchingEvents = ({ orderId, scopes, afterVersion }: EventFilter, bind: Bind) =>
  `from events e join orders on orders.id = e.order_id
    where e.order_id = ${bind(orderId)} and e.version > ${bind(afterVersion)} and ${within(scopes, bind)}`

/** Lists events of an order, oldest first; their versions have no gaps. The list is empty too when out of scope. */
export async function listOrderEvents(
  db: Kysely<Schema>,
  filter: EventFilter,
  { limit, after, offset = 0 }: Slice<[version: number]>,
): Promise<OrderEvent[]> {
  const values: unknown[] = []
  const bind: Bind = (value) => `$${values.push(value)}`
  const text = `select e.order_id, e.version, e.type, e.actor_role, e.reason, e.at
    ${matchingEvents(filter, bind)} ${after ? `and e.version > ${bind(after[0])}` : ''}
    order by e.version limit ${bind(limit)} offset ${bind(offset)}`
  const { rows } = await db.executeQuery<OrderEvent>(CompiledQuery.raw(text, values))
  return rows
}

export async function countOrderEvents(db: Kysely<Schema>, filter: EventFilter): Promise<number> {
  const values: unknown[] = []
  const text = `select count(*) as total ${matchingEvents(filter, (value) => `$${values.push(value)}`)}`
  const { rows } = await db.executeQuery<{ total: number }>(CompiledQuery.raw(text, values))
  return rows[0]?.total as number
}
