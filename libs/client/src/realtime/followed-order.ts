import type { LiveOrder, OrderSubscribed } from '@comanda/events'
import type { Conversation } from './conversation.ts'
import type { OrderListener } from './listeners.ts'
import { tell } from './tell.ts'

/** An order that one or more listeners follow, on one subscription. */
export interface FollowedOrder {
  add: (listener: OrderListener) => void
  /** Whether nobody is left. */
  remove: (listener: OrderListener) => boolean
  /** There is a connection: subscribes on it. */
  connected: () => Promise<void>
  accept: (order: LiveOrder) => void
}

export function followedOrder(
  orderId: string,
  { conversation, onRefused }: { conversation: Conversation; onRefused: () => void },
): FollowedOrder {
  const listeners = new Set<OrderListener>()
  let newest: LiveOrder | undefined

  function accept(order: LiveOrder): void {
    if (newest && order.version <= newest.version) return
    newest = order
    for (const listener of listeners) tell(() => listener.onOrder(order))
  }

  return {
    add(listener) {
      listeners.add(listener)
      const known = newest
      if (known) tell(() => listener.onOrder(known))
    },
    remove(listener) {
      listeners.delete(listener)
      return listeners.size === 0
    },
    accept,
    async connected() {
      const outcome = await conversation.ask<OrderSubscribed>(
        'order:subscribe',
        { orderId },
        () => listeners.size > 0,
      )
      if (outcome === 'lost') return
      // A message may have come before the acknowledgement, with a newer state: the version decides.
      if (outcome.ok) return accept(outcome.answer.order)
      onRefused()
      for (const listener of listeners) tell(() => listener.onRefused?.(outcome.code))
      listeners.clear()
    },
  }
}
