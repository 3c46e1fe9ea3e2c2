import type { Schema } from '@comanda/database'
import type { OrderEvent } from '@comanda/events'
import type { OrderStatus } from '@comanda/ordering'
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

/** Finds one order within any of the scopes. Undefined: there is none. */
export async function findOrder(
  db: Kysely<Schema>,
  id: string,
  scopes: readonly OrderScope[],
  fields: readonly OrderField[],
): Promise<Order | undefined> {
  const [row] = await readOrders(
    db,
    fields,
    (bind) => `where orders.id = ${bind(id)} and ${within(scopes, bind)}`,
  )
  return row && (JSON.parse(ordersJson([row], fields)) as [Order])[0]
}

/** Lists orders in one statement, newest first, after a position or skipping `offset` rows. */
export async function listOrders(
  db: Kysely<Schema>,
  filter: OrderFilter,
  fields: readonly OrderField[],
  page: { limit: number; after?: OrderPosition | undefined; offset?: number | undefined },
): Promise<OrderRow[]> {
  const { limit, after, offset } = page
  return readOrders(db, fields, (bind) => {
    const position =
      after === undefined
        ? ''
        : `and (orders.created_at, orders.id) < (${bind(after.createdAt)}, ${bind(after.id)})`
    const skipping = offset === undefined ? '' : `offset ${bind(offset)}`
    return `where ${matching(filter, bind)} ${position} order by orders.created_at desc, orders.id desc limit ${bind(limit)} ${skipping}`
  })
}

export async function countOrders(db: Kysely<Schema>, filter: OrderFilter): Promise<number> {
  const values: unknown[] = []
  const text = `select count(*) as total from orders where ${matching(filter, (value) => `$${values.push(value)}`)}`
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
