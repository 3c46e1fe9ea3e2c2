import { LRUCache } from 'lru-cache'
import type { Snapshot } from '../coherence/snapshot.ts'
import type { PrefixCounts } from '../counts.ts'

/** An entry as this process keeps it, decoded. Times are of the clock of `performance.now()`. */
export interface MemoryEntry<T = unknown> {
  readonly value: T
  /** Bytes of memory that the value takes, and what was derived from it. */
  bytes: number
  readonly snapshot: Snapshot
  /** The counts of its prefix, so that a hit is counted without a lookup. */
  readonly counts: PrefixCounts
  readonly freshUntil: number
  /** Until then it may be served while it is loaded anew. */
  readonly staleUntil: number
}

export interface MemoryLayer {
  find(key: string): MemoryEntry | undefined
  store(key: string, entry: MemoryEntry): void
  /** The entry has become larger by what was derived from it; nothing happens when it is no longer kept. */
  grow(key: string, entry: MemoryEntry, bytes: number): void
  remove(key: string): void
  removeMatching(test: (key: string) => boolean): number
  readonly bytes: number
  readonly entries: readonly [key: string, entry: MemoryEntry][]
  readonly size: number
}

/** No entry stays longer than this in a process, in milliseconds. */
export const longestInMemoryMs = 300_000

/** What an entry costs besides its bytes: two objects, a snapshot, and its place in the list. */
const overheadBytes = 600

/** A layer bounded in bytes, which the longest unused entry leaves first. Null when `maxBytes` is 0. */
export function createMemoryLayer(maxBytes: number, onEvict: (key: string) => void): MemoryLayer | null {
  if (maxBytes === 0) return null
  const entries = new LRUCache<string, MemoryEntry>({
    maxSize: maxBytes,
    sizeCalculation: (entry, key) => entry.bytes + 2 * key.length + overheadBytes,
    dispose: (_entry, key, reason) => {
      if (reason === 'evict') onEvict(key)
    },
  })
  return {
    find: (key) => entries.get(key),
    store: (key, entry) => void entries.set(key, entry),
    grow(key, entry, bytes) {
      if (entries.peek(key) !== entry) return
      entry.bytes += bytes
      entries.delete(key)
      entries.set(key, entry)
    },
    remove: (key) => void entries.delete(key),
    removeMatching(test) {
      const keys = [...entries.keys()].filter(test)
      for (const key of keys) entries.delete(key)
      return keys.length
    },
    get bytes() {
      return entries.calculatedSize
    },
    get entries() {
      return [...entries.entries()]
    },
    get size() {
      return entries.size
    },
  }
}
