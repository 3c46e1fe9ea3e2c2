import type { LiveOrder } from '@comanda/events'
import { closedStatuses } from '@comanda/ordering'

/** The newest known states of a cafeteria's orders: all open ones, and those that closed last. */
export interface Board {
  orders: ReadonlyMap<string, LiveOrder>
  /** Takes a state unless one with a higher version is known: states may come in any order. */
  accept: (order: LiveOrder) => void
  /** The ids of those that are open as far as is known. */
  open: () => string[]
  remove: (orderId: string) => void
  clear: () => void
}

/** @param keepClosed how many closed orders stay on the board; beyond it the first to close leaves */
export function createBoard(keepClosed: number): Board {
  const orders = new Map<string, LiveOrder>()
  // Ids in the order in which the orders were seen to close.
  const closed = new Set<string>()

  function remove(orderId: string): void {
    orders.delete(orderId)
    closed.delete(orderId)
  }

  return {
    orders,
    accept(order) {
      const known = orders.get(order.id)
      if (known && order.version < known.version) return
      orders.set(order.id, order)
      // A closed order that is seen again counts as the last to close: a message may carry an older event than the one
      // that closed the order, which comes later.
      closed.delete(order.id)
      if (closedStatuses.includes(order.status)) closed.add(order.id)
      for (const oldest of closed) {
        if (closed.size <= keepClosed) break
        remove(oldest)
      }
    },
    open: () => [...orders.keys()].filter((orderId) => !closed.has(orderId)),
    remove,
    clear() {
      orders.clear()
      closed.clear()
    },
  }
}
