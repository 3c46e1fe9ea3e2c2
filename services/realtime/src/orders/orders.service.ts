import { type Caller, mayReadOrder, worksAt } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { FeedSubscribed, OrderSubscribed } from '@comanda/events'
import { listRelayedOrders } from '@comanda/events/relay'
import { orderErrors } from './orders.errors.ts'
import { findLiveOrder, findNewest, findOrderOwner } from './orders.repository.ts'

const mostMissed = 100

/** @throws AppError order_not_found, also for somebody else's order */
export async function checkMayReadOrder(database: Database, caller: Caller, orderId: string): Promise<void> {
  const owner = await database.read('primary', (db) => findOrderOwner(db, orderId))
  if (!owner || !mayReadOrder(caller, owner)) throw orderErrors.order_not_found()
}

/** An order as it is now. @throws AppError order_not_found */
export async function readOrder(database: Database, orderId: string): Promise<OrderSubscribed> {
  const found = await database.read('primary', (db) => findLiveOrder(db, orderId))
  if (!found) throw orderErrors.order_not_found()
  return found
}

/** @throws AppError cafeteria_not_found where the caller does not work */
export function checkWorksAt(caller: Caller, cafeteriaId: string): void {
  if (!worksAt(caller, cafeteriaId)) throw orderErrors.cafeteria_not_found()
}

/** What came after a number of a feed, and its newest number. @throws AppError cafeteria_not_found */
export async function readMissed(
  database: Database,
  { cafeteriaId, after }: { cafeteriaId: string; after?: number },
): Promise<FeedSubscribed> {
  return database.read('primary', async (db) => {
    const newest = await findNewest(db, cafeteriaId)
    if (newest === undefined) throw orderErrors.cafeteria_not_found()
    if (after === undefined || after >= newest) return { seq: newest, missed: [] }
    const orders = await listRelayedOrders(db, { cafeteriaId, after, limit: mostMissed })
    const missed = orders.map(({ message }) => message)
    // Read after `newest`, so it may know more.
    return { seq: Math.max(newest, missed.at(-1)?.seq ?? 0), missed }
  })
}
