import type { Codec } from '../codec.ts'
import type { Coherence } from '../coherence/coherence.ts'
import type { Counts } from '../counts.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import type { BackOff } from '../redis/back-off.ts'
import type { StoredEntry } from '../redis/envelope.ts'
import type { Found, RedisLayer } from '../redis/redis-layer.ts'
import type { EntryRequest } from './entry-request.ts'
import { acquireLock, patienceMs } from './fleet-lock.ts'
import type { InFlightLoad } from './in-flight-loads.ts'
import type { Keeper } from './keeper.ts'

/** What happens when this process does not hold a key. Rejects with what the load throws; a failing Redis only costs a load. */
export interface Fetch {
  findOrLoad<T>(request: EntryRequest<T>, inFlight: InFlightLoad): Promise<MemoryEntry<T>>
  /** What Redis has of a key, current; undefined when it has nothing, or does not answer. */
  find<T>(key: string, codec: Codec<T>): Promise<MemoryEntry<T> | undefined>
  /** For an entry that is stale but served: nobody waits, and nothing happens when another process holds the lock. */
  refresh<T>(request: EntryRequest<T>, inFlight: InFlightLoad): Promise<void>
  /** Loads without asking either layer, and keeps nothing. */
  load<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>>
}

export interface FetchParts {
  /** Undefined: there is no second layer. */
  redis: RedisLayer | undefined
  backOff: BackOff
  coherence: Coherence
  keeper: Keeper
  counts: Counts
  observeLoad: (prefix: string, seconds: number) => void
  /** Milliseconds that were spent on Redis. */
  addTiming: (milliseconds: number) => void
  onRedisFailure: (error: unknown) => void
}

type Release = () => Promise<void>

/** Fetches entries that this process does not hold. A failure of Redis goes to `onRedisFailure` and never rejects. */
export function createFetch(parts: FetchParts): Fetch {
  const { redis, backOff, coherence, keeper, counts, onRedisFailure } = parts

  /** What Redis says, or undefined when it says nothing. */
  async function ask<R>(question: (redis: RedisLayer) => Promise<R>): Promise<R | undefined> {
    if (redis === undefined || backOff.active) return undefined
    const start = performance.now()
    try {
      return await question(redis)
    } catch (error) {
      onRedisFailure(error)
      return undefined
    } finally {
      parts.addTiming(performance.now() - start)
    }
  }

  /** What Redis has, or undefined when Redis, or what it knows of the tags, is out of reach: then there is nothing to store either. */
  async function readStored(key: string, tags: readonly string[]): Promise<Found | undefined> {
    return ask(async (redis) => {
      const [found, known] = await Promise.all([redis.find(key), coherence.read(tags)])
      return known ? found : undefined
    })
  }

  function adopt<T>(
    { key, codec, tags = [] }: EntryRequest<T>,
    { entry }: Found,
  ): MemoryEntry<T> | undefined {
    if (entry === undefined || !sameMembers(entry.tags, tags)) return undefined
    return take(key, entry, codec)
  }

  function take<T>(key: string, stored: StoredEntry, codec: Codec<T>): MemoryEntry<T> | undefined {
    try {
      const entry = keeper.adopt(key, stored, codec)
      if (entry !== undefined) entry.counts.redisHits++
      return entry
    } catch {
      // Not what the codec wrote, so as good as nothing: it is loaded, and replaced.
      return undefined
    }
  }

  /** Waits for the lock on loading the key, or for what another process has loaded, which it then returns. */
  async function lockOrAdopt<T>(
    request: EntryRequest<T>,
    seen: Found,
  ): Promise<{ entry: MemoryEntry<T> } | { release: Release } | undefined> {
    const deadline = performance.now() + patienceMs
    let { id } = seen
    for (;;) {
      const lock = await ask((redis) => acquireLock(redis, request.key, id, deadline))
      if (lock === undefined || lock.outcome === 'late') return undefined
      if (lock.outcome === 'locked') return { release: lock.release }
      const entry = (await coherence.read(request.tags ?? [])) ? adopt(request, lock.found) : undefined
      if (entry !== undefined) return { entry }
      id = lock.found.id
    }
  }

  async function loadAndKeep<T>(request: EntryRequest<T>, inFlight: InFlightLoad, found: Found | undefined) {
    const { key, codec, tags = [] } = request
    // From here on an invalidation counts for what is being loaded.
    const snapshot = coherence.snapshot(key, tags)
    inFlight.snapshot = snapshot
    const { value, changesAt } = await loadValue(request)
    const { entry, stored } = keeper.keep({
      key,
      value,
      changesAt,
      codec,
      options: request,
      snapshot,
      isDropped: () => inFlight.dropped,
      keyGeneration: backOff.active ? undefined : found?.keyGeneration,
    })
    // Nobody waits for Redis to have it; the lock is released on the same connection, after it.
    stored?.catch(onRedisFailure)
    return entry
  }

  async function loadValue<T>({ key, tags = [], minimum = '', load }: EntryRequest<T>) {
    const count = counts.of(key)
    const known = coherence.minimumOf(tags)
    const start = performance.now()
    let changesAt = Number.POSITIVE_INFINITY
    count.loads++
    try {
      const value = await load({
        minimum: minimum > known ? minimum : known,
        changesAt: (moment) => void (changesAt = Math.min(changesAt, moment)),
      })
      return { value, changesAt }
    } catch (error) {
      count.failedLoads++
      throw error
    } finally {
      const seconds = (performance.now() - start) / 1000
      count.loadSeconds += seconds
      parts.observeLoad(count.prefix, seconds)
    }
  }

  return {
    async findOrLoad<T>(request: EntryRequest<T>, inFlight: InFlightLoad) {
      const found = await readStored(request.key, request.tags ?? [])
      let release: Release | undefined
      if (found !== undefined) {
        const entry = adopt(request, found)
        if (entry !== undefined) return entry
        counts.of(request.key).redisMisses++
        const waited = request.hot === false ? undefined : await lockOrAdopt(request, found)
        if (waited !== undefined && 'entry' in waited) return waited.entry
        release = waited?.release
      }
      try {
        return await loadAndKeep(request, inFlight, found)
      } finally {
        release?.().catch(onRedisFailure)
      }
    },

    async find<T>(key: string, codec: Codec<T>) {
      const found = await ask((redis) => redis.find(key))
      if (found?.entry === undefined || !(await coherence.read(found.entry.tags))) return undefined
      return take(key, found.entry, codec)
    },

    async refresh<T>(request: EntryRequest<T>, inFlight: InFlightLoad) {
      const found = await readStored(request.key, request.tags ?? [])
      if (found?.entry !== undefined && found.entry.freshUntil > Date.now() && adopt(request, found)) return
      const lock = found && (await ask((redis) => acquireLock(redis, request.key, found.id, 0)))
      if (lock?.outcome === 'late' || lock?.outcome === 'changed') return
      try {
        await loadAndKeep(request, inFlight, found)
      } finally {
        lock?.release().catch(onRedisFailure)
      }
    },

    async load<T>(request: EntryRequest<T>) {
      const { key, codec, tags = [] } = request
      const snapshot = coherence.snapshot(key, tags)
      const { value, changesAt } = await loadValue(request)
      const isDropped = () => true
      return keeper.keep({
        key,
        value,
        changesAt,
        codec,
        options: request,
        snapshot,
        isDropped,
        keyGeneration: undefined,
      }).entry
    },
  }
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member))
}
