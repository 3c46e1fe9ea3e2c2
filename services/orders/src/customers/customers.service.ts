import type { Caller } from '@comanda/access'
import type { Database } from '@comanda/database'
import { readWholeListBy, type WholePage } from '../lists/list-source.ts'
import { countOrders } from '../orders/list-orders.repository.ts'
import { getHistory, listActiveOrders, listRecentOrders } from './customers.repository.ts'
import {
  type CustomerSummary,
  type ListRecentOrders,
  type RecentOrder,
  recentOrderFields,
} from './customers.schema.ts'

/** Invalidations by orders carry no position, because it would cost each of them one more query; so these reads go to the primary. */
const need = 'primary'

/** Reads a page of the caller's orders, newest first. @throws AppError invalid_cursor */
export function getRecentOrders(
  database: Database,
  { userId }: Caller,
  request: ListRecentOrders,
): Promise<WholePage<RecentOrder>> {
  return readWholeListBy((query) => database.read(need, query), request, {
    fields: recentOrderFields,
    sortedBy: ['createdAt', 'id'],
    keyTypes: ['timestamp', 'uuid'],
    list: (db, _fields, slice) => listRecentOrders(db, userId, slice),
    count: (db) => countOrders(db, { userId }),
  })
}

/** Reads what the first screen of a phone shows, in two statements. */
export function getSummary(database: Database, { userId }: Caller): Promise<CustomerSummary> {
  return database.read(need, async (db) => {
    const [activeOrders, history] = await Promise.all([listActiveOrders(db, userId), getHistory(db, userId)])
    return { activeOrders, ...history }
  })
}
