import type { Cache } from '@comanda/cache'
import { cacheTags } from '@comanda/events'

export interface OrderChanges {
  /**
   * An order of a customer was placed or moved, and is committed: the worker is woken, and what was cached for the customer is
   * forgotten when this resolves. Never rejects. The worker does the same once more when it comes to the order's events.
   */
  changed: (userId: string) => Promise<void>
}

export interface OrderChangesDependencies {
  cache: Pick<Cache, 'invalidateTags'>
  wake: () => void
}

/** Without a position: a customer's own orders are read from the primary. */
export function createOrderChanges({ cache, wake }: OrderChangesDependencies): OrderChanges {
  return {
    changed(userId) {
      wake()
      return cache.invalidateTags([cacheTags.customer(userId)])
    },
  }
}
