import type { OrderStatus, Schema } from '@comanda/database'
import type { OrderEvent } from '@comanda/events'
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres'
import type { Order } from './orders.schema.ts'

/** Whose orders: one customer's, those of some cafeterias, or (neither given) everybody's. */
export interface OrderScope {
  userId?: string | undefined
  cafeteriaIds?: readonly string[] | undefined
}

/** A list's own conditions on top of whose orders it shows. */
export interface OrderFilter extends OrderScope {
  statuses?: readonly OrderStatus[] | undefined
}

export type OrderField = keyof Order

/** The sort key of a list, newest first. */
export interface OrderPosition {
  createdAt: string
  id: string
}

type Orders = ExpressionBuilder<Schema, 'orders'>

const items = (eb: Orders) =>
  jsonArrayFrom(
    eb
      .selectFrom('orderItems')
      .select(['id', 'productId', 'name', 'quantity', 'unitPriceCents', 'modifiers', 'note'])
      .whereRef('orderItems.orderId', '=', 'orders.id')
      .orderBy('position'),
  ).as('items')

const payment = (eb: Orders) =>
  jsonObjectFrom(
    eb
      .selectFrom('payments')
      .select(['payments.id', 'provider', 'payments.status', 'amountCents', 'refundedCents', 'declineCode'])
      .whereRef('payments.orderId', '=', 'orders.id')
      .orderBy('payments.createdAt', 'desc')
      .orderBy('payments.id', 'desc')
      .limit(1),
  ).as('payment')

function matching(eb: Orders, { userId, cafeteriaIds, statuses }: OrderFilter): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = []
  if (userId !== undefined) conditions.push(eb('orders.userId', '=', userId))
  // One value is compared by itself, so that an index in the list's order can answer.
  if (cafeteriaIds?.length === 1) conditions.push(eb('orders.cafeteriaId', '=', cafeteriaIds[0] as string))
  else if (cafeteriaIds) conditions.push(sql<SqlBool>`orders.cafeteria_id = any(${cafeteriaIds}::uuid[])`)
  if (statuses?.length === 1) conditions.push(eb('orders.status', '=', statuses[0] as OrderStatus))
  else if (statuses) conditions.push(sql<SqlBool>`orders.status = any(${statuses}::text[])`)
  return eb.and(conditions)
}

const qrPayload = sql<string>`qr_payload(orders)`.as('qrPayload')

function selection(eb: Orders, field: OrderField) {
  switch (field) {
    case 'items':
      return items(eb)
    case 'payment':
      return payment(eb)
    case 'qrPayload':
      return qrPayload
    default:
      return `orders.${field}` as const
  }
}

/** Only the asked fields are read: without `items` and `payment` their tables are not touched. */
function selectOrders(db: Kysely<Schema>, fields: readonly OrderField[]) {
  return db.selectFrom('orders').select((eb) => fields.map((field) => selection(eb, field)))
}

/** Within any of the scopes. */
function within(eb: Orders, scopes: readonly OrderScope[]): Expression<SqlBool> {
  return eb.or(scopes.map((scope) => matching(eb, scope)))
}

/** One order within any of the scopes. Undefined: there is none. */
export async function findOrder(
  db: Kysely<Schema>,
  id: string,
  scopes: readonly OrderScope[],
  fields: readonly OrderField[],
): Promise<Order | undefined> {
  const row = await selectOrders(db, fields)
    .where('orders.id', '=', id)
    .where((eb) => within(eb, scopes))
    .executeTakeFirst()
  return row
}

/** One statement, newest first, after a position or skipping `offset` rows. */
export async function listOrders(
  db: Kysely<Schema>,
  filter: OrderFilter,
  fields: readonly OrderField[],
  page: { limit: number; after?: OrderPosition | undefined; offset?: number | undefined },
): Promise<Partial<Order>[]> {
  const rows = await selectOrders(db, fields)
    .where((eb) => matching(eb, filter))
    .$if(page.after !== undefined, (q) =>
      q.where((eb) =>
        eb(
          eb.refTuple('orders.createdAt', 'orders.id'),
          '<',
          eb.tuple(page.after?.createdAt as string, page.after?.id as string),
        ),
      ),
    )
    .orderBy('orders.createdAt', 'desc')
    .orderBy('orders.id', 'desc')
    .limit(page.limit)
    .$if(page.offset !== undefined, (q) => q.offset(page.offset as number))
    .execute()
  return rows
}

export async function countOrders(db: Kysely<Schema>, filter: OrderFilter): Promise<number> {
  const { total } = await db
    .selectFrom('orders')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => matching(eb, filter))
    .executeTakeFirstOrThrow()
  return total
}

/** At most 100 events of an order after a version, oldest first; versions have no gaps. Empty too when out of scope. */
export async function listOrderEvents(
  db: Kysely<Schema>,
  orderId: string,
  scopes: readonly OrderScope[],
  afterVersion: number,
): Promise<OrderEvent[]> {
  const rows = await db
    .selectFrom('orderEvents')
    .innerJoin('orders', 'orders.id', 'orderEvents.orderId')
    .select([
      'orderEvents.orderId',
      'orderEvents.version',
      'orderEvents.type',
      'orderEvents.actorRole',
      'orderEvents.reason',
      'orderEvents.at',
    ])
    .where('orderEvents.orderId', '=', orderId)
    .where('orderEvents.version', '>', afterVersion)
    .where((eb) => within(eb as unknown as Orders, scopes))
    .orderBy('orderEvents.version')
    .limit(100)
    .execute()
  return rows
}
