import { type Caller, mayReadOrder } from '@comanda/access'
import type { Database } from '@comanda/database'
import DataLoader from 'dataloader'
import { orderErrors } from './orders.errors.ts'
import { type FollowedOrder, listFollowedOrders } from './orders.repository.ts'

export interface OrderReads {
  /** Reads an order as it is now. @throws AppError order_not_found, also for an order that the caller may not see */
  getFor: (caller: Caller, orderId: string) => Promise<FollowedOrder>
}

/** How long a read waits for others to share its statement with. */
const gatherMilliseconds = 3
const mostTogether = 500

/** Reads orders for sockets, many in one statement: when another gateway ends, its clients ask for thousands within a second. */
export function createOrderReads(database: Database): OrderReads {
  const loader = new DataLoader<string, FollowedOrder | undefined>(
    async (orderIds) => {
      const found = await database.read('primary', (db) => listFollowedOrders(db, orderIds))
      const byId = new Map(found.map((one) => [one.order.id, one]))
      return orderIds.map((orderId) => byId.get(orderId.toLowerCase()))
    },
    {
      cache: false,
      maxBatchSize: mostTogether,
      batchScheduleFn: (read) => setTimeout(read, gatherMilliseconds),
    },
  )
  return {
    async getFor(caller, orderId) {
      const found = await loader.load(orderId)
      if (!found || !mayReadOrder(caller, { userId: found.userId, cafeteriaId: found.order.cafeteriaId }))
        throw orderErrors.order_not_found()
      return found
    },
  }
}
