import type { Caller } from '@comanda/access'
import type { Database, ReadOptions, Schema } from '@comanda/database'
import { OrderEvent } from '@comanda/events'
import type { OrderStatus } from '@comanda/ordering'
import { cursorPage, decodeCursor, numberedPage, pageOffset, parseFields } from '@comanda/service'
import type { Kysely } from 'kysely'
import { ownNeed } from '../consistency/consistency.schema.ts'
import { readWholeListBy, type WholePage } from '../lists/list-source.ts'
import {
  countOrderEvents,
  countOrders,
  findOrder,
  listOrderEvents,
  listOrders,
} from './list-orders.repository.ts'
import type { ListOrderEvents, ListOrders } from './list-orders.schema.ts'
import { type OrderField, type OrderRow, ordersJson } from './order-columns.ts'
import type { OrderScope } from './order-filter.ts'
import { orderErrors } from './orders.errors.ts'
import { type Order, orderFields } from './orders.schema.ts'

/** The orders that a caller may see: an administrator all, others their own and those of the cafeterias where they work. */
function visibleTo(caller: Caller): OrderScope[] {
  if (caller.role === 'admin') return [{}]
  const cafeteriaIds = Object.keys(caller.memberships)
  return cafeteriaIds.length === 0
    ? [{ userId: caller.userId }]
    : [{ userId: caller.userId }, { cafeteriaIds }]
}

const readerOf = (caller: Caller) => ({ scopes: visibleTo(caller), readerId: caller.userId })

/**
 * The orders that a list shows: to a customer their own, to staff those of the cafeterias where they work (their own with `mine`), to an
 * administrator all. A cafeteria narrows the list; at one where the caller does not work, only their own orders are left.
 */
function listScope(
  caller: Caller,
  { cafeteriaId, mine }: { cafeteriaId?: string; mine?: boolean },
): OrderScope {
  const narrowed = cafeteriaId === undefined ? undefined : [cafeteriaId]
  const own = { userId: caller.userId, cafeteriaIds: narrowed }
  if (mine) return own
  if (caller.role === 'admin') return { cafeteriaIds: narrowed }
  const workplaces = Object.keys(caller.memberships)
  if (cafeteriaId === undefined) return workplaces.length > 0 ? { cafeteriaIds: workplaces } : own
  return workplaces.includes(cafeteriaId) ? { cafeteriaIds: narrowed } : own
}

/**
 * Reads a page of orders, newest first, in one statement (two with `page`, which also counts), as the JSON that the API answers.
 * @throws AppError unknown_field, invalid_cursor
 */
export async function listVisibleOrders(
  database: Database,
  caller: Caller,
  query: ListOrders,
  options: ReadOptions,
): Promise<string> {
  const { limit, cursor, page, status } = query
  const readerId = caller.userId
  const filter = { ...listScope(caller, query), statuses: status?.split(',') as OrderStatus[] | undefined }
  const asked = parseFields(query.fields, orderFields) ?? orderFields

  if (page !== undefined) {
    const readPage = async (db: Kysely<Schema>) => {
      const [rows, total] = await Promise.all([
        listOrders(db, filter, withSortKey(asked), { limit, offset: pageOffset({ page, limit }) }),
        countOrders(db, filter),
      ])
      const { data, pagination } = numberedPage(rows, { total, page, limit })
      return ordersJson(data, asked, { readerId, ...answerWith({ pagination }) })
    }
    return database.read('catalogue', readPage, options)
  }

  const after = cursor === undefined ? undefined : decodeCursor(cursor, ['timestamp', 'uuid'])
  const position = after && { createdAt: after[0], id: after[1] }
  const rows = await database.read(
    'catalogue',
    (db) => listOrders(db, filter, withSortKey(asked), { limit: limit + 1, after: position }),
    options,
  )
  const keyOf = (row: OrderRow) => [row.createdAt as string, row.id as string]
  const { data, nextCursor } = cursorPage(rows, limit, keyOf)
  return ordersJson(data, asked, { readerId, ...answerWith({ nextCursor }) })
}

/** The JSON before and after the orders of a list. */
function answerWith(otherMembers: object) {
  return { before: '{"data":', after: `,${JSON.stringify(otherMembers).slice(1)}` }
}

/** Adds the sort key to the asked fields, because the cursor is made of it. */
function withSortKey(asked: readonly OrderField[]): readonly OrderField[] {
  return asked === orderFields ? orderFields : [...new Set<OrderField>([...asked, 'createdAt', 'id'])]
}

/** @throws AppError order_not_found, also for an order that the caller may not see */
export async function getVisibleOrder(
  database: Database,
  caller: Caller,
  id: string,
  options: ReadOptions,
): Promise<Order> {
  const find = (db: Kysely<Schema>) => findOrder(db, id, readerOf(caller), orderFields)
  const order = await database.find(ownNeed(options), find, options)
  if (!order) throw orderErrors.order_not_found()
  return order
}

/**
 * Lists what happened to an order after a version, oldest first, without gaps.
 * @throws AppError invalid_cursor; order_not_found, also for an order that the caller may not see
 */
export async function listVisibleEvents(
  database: Database,
  caller: Caller,
  { orderId, after, ...request }: ListOrderEvents & { orderId: string },
  options: ReadOptions,
): Promise<WholePage<OrderEvent>> {
  const events = { orderId, scopes: visibleTo(caller), afterVersion: after }
  const find = async (db: Kysely<Schema>) => {
    const page = await readWholeListBy((query) => query(db), request, {
      fields: orderEventFields,
      sortedBy: ['version'],
      keyTypes: ['number'],
      list: (db, _fields, slice) => listOrderEvents(db, events, slice),
      count: (db) => countOrderEvents(db, events),
    })
    if (page.data.length > 0) return page
    // An empty list means that nothing is new or that the caller may not see the order; the latter is answered like an unknown order.
    return (await findOrder(db, orderId, readerOf(caller), ['id'])) && page
  }
  const page = await database.find(ownNeed(options), find, options)
  if (!page) throw orderErrors.order_not_found()
  return page
}

const orderEventFields = Object.keys(OrderEvent.properties) as (keyof OrderEvent)[]
