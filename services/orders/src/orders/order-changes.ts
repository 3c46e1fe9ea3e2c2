import type { Cache } from '@comanda/cache'
import { cacheTags } from '@comanda/events'

export interface OrderChanges {
  /**
   * Called after the commit that placed or moved an order of a customer. Wakes the worker and invalidates what is cached for the customer,
   * before it resolves. Never rejects. The worker invalidates the same once more when it handles the order's events.
   */
  changed: (userId: string) => Promise<void>
}

export interface OrderChangesDependencies {
  cache: Pick<Cache, 'invalidateTags'>
  wake: () => void
}

/** The invalidation carries no position, because a customer's own orders are read from the primary. */
export function createOrderChanges({ cache, wake }: OrderChangesDependencies): OrderChanges {
  return {
    changed(userId) {
      wake()
      return cache.invalidateTags([cacheTags.customer(userId)])
    },
  }
}
