import type { LiveOrder } from '@comanda/events'
import { closedStatuses } from '@comanda/ordering'

/** The newest known states of a cafeteria's orders: all that are open, and of those that closed the last ones. */
export interface Board {
  orders: ReadonlyMap<string, LiveOrder>
  /** The highest version is the newest state, in whatever order they come. */
  accept: (order: LiveOrder) => void
  /** The ids of those that are open as far as is known. */
  open: () => string[]
  remove: (orderId: string) => void
  clear: () => void
}

export function createBoard(keepClosed: number): Board {
  const orders = new Map<string, LiveOrder>()
  // In the order in which they were seen to close.
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
      // Again when it was known: a message may have an older event, and the one that closed the order comes later.
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
