import type { Schema } from '@comanda/database'
import type { OrderEvent } from '@comanda/events'
import { mostNumberedRows } from '@comanda/service'
import { CompiledQuery, type Kysely } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { type OrderField, type OrderRow, ordersJson, selectOrders } from './order-columns.ts'
import {
  type Bind,
  matching,
  type OrderFilter,
  type OrderScope,
  type Page,
  pageOfOrders,
} from './order-filter.ts'
import type { Order } from './orders.schema.ts'

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

/** Lists orders in one statement, newest first, after a position or skipping `offset` rows. */
export async function listOrders(
  db: Kysely<Schema>,
  filter: OrderFilter,
  fields: readonly OrderField[],
  page: Page,
): Promise<OrderRow[]> {
  return readOrders(db, fields, (bind) => pageOfOrders(filter, page, bind))
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
