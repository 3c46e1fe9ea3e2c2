import type { Codec } from '../codec.ts'
import type { Coherence } from '../coherence/coherence.ts'
import type { Counts } from '../counts.ts'
import type { MemoryEntry, MemoryLayer } from '../memory/memory-layer.ts'
import type { EntryRequest } from './entry-request.ts'
import type { Fetch } from './fetch.ts'
import type { InFlightLoads } from './in-flight-loads.ts'

/** Both layers together, for whatever a codec can make of bytes. */
export interface Store {
  /** What this process may serve, fresh or stale; no promise, no Redis. */
  peek<T>(key: string): MemoryEntry<T> | undefined
  /** What Redis has of a key that is not here; undefined for one that is here, and outdated in both. */
  seek<T>(key: string, codec: Codec<T>): Promise<MemoryEntry<T> | undefined> | undefined
  /** From memory, from Redis, or loaded; at most one load at a time. Rejects with what the load throws, and with nothing else. */
  read<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>>
  /** Loads a stale entry anew, while it is still served. */
  refresh<T>(request: EntryRequest<T>): void
}

export interface StoreParts {
  memory: MemoryLayer | null
  coherence: Coherence
  inFlightLoads: InFlightLoads
  counts: Counts
  fetch: Fetch
  /** Asks Redis anew about tags; false when it does not answer, or knows of changes that do not count yet. */
  verify: (tags: readonly string[]) => Promise<boolean>
  /** Loads without asking either layer, and keeps nothing. */
  loadFresh: <T>(request: EntryRequest<T>) => Promise<MemoryEntry<T>>
  onRefreshFailure: (error: unknown) => void
}

/** Puts memory, in-flight loads and `fetch` together. Failures of a refresh go to `onRefreshFailure`: its caller has been answered. */
export function createStore({
  memory,
  coherence,
  inFlightLoads,
  counts,
  fetch,
  verify,
  loadFresh,
  onRefreshFailure,
}: StoreParts): Store {
  const refreshing = new Set<string>()

  function peek<T>(key: string): MemoryEntry<T> | undefined {
    const entry = memory?.find(key)
    if (entry === undefined) return undefined
    const now = performance.now()
    if (now >= entry.staleUntil || !coherence.isUsable(entry.snapshot, now)) return undefined
    return entry as MemoryEntry<T>
  }

  function seek<T>(key: string, codec: Codec<T>): Promise<MemoryEntry<T> | undefined> | undefined {
    if (memory?.find(key) !== undefined) return undefined
    counts.of(key).memoryMisses++
    return fetch.find(key, codec)
  }

  async function read<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>> {
    const { key, tags = [], verified = false } = request
    // Whoever insists on their own write, and cannot learn whether it is in here, gets it from its source.
    if (verified && !(await verify(tags))) return loadFresh(request)
    const entry = peek<T>(key)
    if (entry !== undefined) {
      entry.counts.memoryHits++
      if (performance.now() >= entry.freshUntil) refresh(request)
      return entry
    }
    counts.of(key).memoryMisses++
    const inFlight = inFlightLoads.find(key)
    const loading =
      inFlight?.promise ?? inFlightLoads.begin(key, (inFlight) => fetch.findOrLoad(request, inFlight))
    const loaded = (await loading) as MemoryEntry<T>
    if (performance.now() >= loaded.freshUntil) refresh(request)
    return loaded
  }

  function refresh<T>(request: EntryRequest<T>): void {
    const { key } = request
    if (refreshing.has(key) || inFlightLoads.find(key) !== undefined) return
    refreshing.add(key)
    inFlightLoads
      .beginAlone(key, (inFlight) => fetch.refresh(request, inFlight))
      .catch(onRefreshFailure)
      .finally(() => refreshing.delete(key))
  }

  return { peek, seek, read, refresh }
}
