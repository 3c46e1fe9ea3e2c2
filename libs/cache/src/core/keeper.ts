import type { Codec } from '../codec.ts'
import type { Coherence } from '../coherence/coherence.ts'
import type { Snapshot } from '../coherence/snapshot.ts'
import type { Counts } from '../counts.ts'
import { longestInMemoryMs, type MemoryEntry, type MemoryLayer } from '../memory/memory-layer.ts'
import type { StoredEntry } from '../redis/envelope.ts'
import type { RedisLayer } from '../redis/redis-layer.ts'
import { lifetimeMs, longestSeconds } from '../ttl.ts'
import type { EntryOptions } from './entry-request.ts'

export interface KeeperParts {
  memory: MemoryLayer | null
  redis: RedisLayer | undefined
  coherence: Coherence
  counts: Counts
  /** Larger entries are handed out and not kept. */
  maxEntryBytes: number
}

/** A value that was loaded, on its way into the layers. */
export interface Loaded<T> {
  key: string
  value: T
  /** Milliseconds since 1970 from which it is not what it was, whatever happens; infinite when nothing is known. */
  changesAt: number
  codec: Codec<T>
  options: EntryOptions
  /** What was known of the key before the load. */
  snapshot: Snapshot
  /** Whether its key was dropped during the load. */
  isDropped: () => boolean
  /** Read from Redis before the load; undefined when that was not possible: then Redis gets nothing. */
  keyGeneration: string | undefined
}

/** Turns what was loaded, or found in Redis, into entries of this process. */
export interface Keeper {
  /** Keeps it where it may be kept. `stored` resolves when Redis has it, and rejects when it refuses. */
  keep<T>(loaded: Loaded<T>): { entry: MemoryEntry<T>; stored: Promise<void> | undefined }
  /** Undefined when it is too old, or invalidated. What it depends on must have been read. */
  adopt<T>(key: string, stored: StoredEntry, codec: Codec<T>): MemoryEntry<T> | undefined
}

/** A keeper for both layers; either may be missing. */
export function createKeeper({ memory, redis, coherence, counts, maxEntryBytes }: KeeperParts): Keeper {
  return {
    keep<T>({ key, value, changesAt, codec, options, snapshot, isDropped, keyGeneration }: Loaded<T>) {
      const payload = codec.encode(value)
      const now = Date.now()
      const lifetime = lifetimeMs(options.ttl)
      const staleMs = options.staleSeconds === undefined ? lifetime / 10 : options.staleSeconds * 1000
      // The clock shows whole milliseconds, so it may be one later than it says.
      const keptMs = Math.min(lifetime + staleMs, longestSeconds * 1000, changesAt - now - 1)
      const freshMs = Math.min(lifetime, keptMs)
      const entry = memoryEntry(key, payload, codec, snapshot, freshMs, keptMs)
      const unwanted = payload.length > maxEntryBytes || (codec.isEmpty(value) && !options.cacheEmpty)
      if (unwanted || keptMs <= 0 || isDropped() || coherence.isOutdated(snapshot))
        return { entry, stored: undefined }
      memory?.store(key, entry)
      if (keyGeneration === undefined) return { entry, stored: undefined }
      const stored = redis?.store(
        key,
        {
          freshUntil: now + freshMs,
          staleUntil: now + keptMs,
          tags: snapshot.tags.map((tag) => tag.name),
          generations: [...snapshot.generations],
          ban: snapshot.ban,
          keyGeneration,
          payload,
        },
        keptMs,
      )
      return { entry, stored }
    },

    adopt<T>(key: string, stored: StoredEntry, codec: Codec<T>) {
      const now = Date.now()
      const { tags, generations, ban, payload } = stored
      const snapshot = coherence.restore(key, tags, generations, ban)
      if (now >= stored.staleUntil || coherence.isOutdated(snapshot)) return undefined
      const entry = memoryEntry(
        key,
        // What came from Redis is a part of a much larger piece of memory, which would be kept with it.
        memory === null ? payload : Buffer.copyBytesFrom(payload),
        codec,
        snapshot,
        stored.freshUntil - now,
        stored.staleUntil - now,
      )
      memory?.store(key, entry)
      return entry
    },
  }

  function memoryEntry<T>(
    key: string,
    payload: Buffer,
    codec: Codec<T>,
    snapshot: Snapshot,
    freshMs: number,
    keptMs: number,
  ): MemoryEntry<T> {
    const now = performance.now()
    const longest = longestInMemoryMs * (0.9 + 0.1 * Math.random())
    return {
      value: codec.decode(payload),
      bytes: codec.weigh(payload.length),
      snapshot,
      counts: counts.of(key),
      freshUntil: now + Math.min(freshMs, longest),
      staleUntil: now + Math.min(keptMs, longest),
    }
  }
}
