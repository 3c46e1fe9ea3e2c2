import { LRUCache } from 'lru-cache'

/** What Redis keeps for an entry besides its bytes, roughly: the key twice, a head, and when it expires. */
const bytesPerEntry = 300

export interface RouteBudgets {
  /** Counts an entry that is to be stored, and removes others that have to go for it. False when it is larger than all there is. */
  take: (key: string, bytes: number, forMs: number) => boolean
}

/**
 * Bounds what this process has stored in Redis for each route, so that nobody can fill Redis by asking one route for ever more
 * answers: limits are counted there too, and must not be evicted for them. What comes before the first colon of a key is the route.
 * @param remove removes an entry from Redis
 */
export function createRouteBudgets(bytesPerRoute: number, remove: (key: string) => void): RouteBudgets {
  const routes = new Map<string, LRUCache<string, number>>()

  function budgetOf(route: string): LRUCache<string, number> {
    const known = routes.get(route)
    if (known !== undefined) return known
    const budget = new LRUCache<string, number>({
      maxSize: bytesPerRoute,
      sizeCalculation: (bytes) => bytes,
      dispose: (_bytes, key, reason) => {
        if (reason === 'evict') remove(key)
      },
    })
    routes.set(route, budget)
    return budget
  }

  return {
    take(key, bytes, forMs) {
      const size = bytes + 2 * key.length + bytesPerEntry
      if (size > bytesPerRoute) return false
      budgetOf(key.split(':', 1)[0] as string).set(key, size, { ttl: forMs })
      return true
    },
  }
}
