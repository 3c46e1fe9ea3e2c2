import type { Codec } from '../codec.ts'
import type { Coherence } from '../coherence/coherence.ts'
import type { Counts } from '../counts.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import type { StoredEntry } from '../redis/envelope.ts'
import type { Found, RedisLayer } from '../redis/redis-layer.ts'
import type { Rest } from '../redis/rest.ts'
import type { EntryRequest } from './entry-request.ts'
import { awaitTurn, patienceMs } from './fleet-lock.ts'
import type { Flight } from './flights.ts'
import type { Keeper } from './keeper.ts'

/** What happens when this process does not hold a key. Rejects with what the load throws; a failing Redis only costs a load. */
export interface Fetch {
  findOrLoad<T>(request: EntryRequest<T>, flight: Flight): Promise<MemoryEntry<T>>
  /** Undefined when it is in no layer. */
  find<T>(key: string, codec: Codec<T>): Promise<MemoryEntry<T> | undefined>
  /** For an entry that is stale but served: nobody waits, and nothing happens when another process is at it. */
  refresh<T>(request: EntryRequest<T>, flight: Flight): Promise<void>
  /** Neither looks anywhere nor keeps anything. */
  load<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>>
}

export interface FetchParts {
  /** Undefined: there is no second layer. */
  redis: RedisLayer | undefined
  rest: Rest
  coherence: Coherence
  keeper: Keeper
  counts: Counts
  observeLoad: (prefix: string, seconds: number) => void
  /** Milliseconds that were spent on Redis. */
  addTiming: (milliseconds: number) => void
  onRedisFailure: (error: unknown) => void
}

type Release = () => Promise<void>

export function createFetch(parts: FetchParts): Fetch {
  const { redis, rest, coherence, keeper, counts, onRedisFailure } = parts

  /** What Redis says, or undefined when it says nothing. */
  async function ask<R>(question: (redis: RedisLayer) => Promise<R>): Promise<R | undefined> {
    if (redis === undefined || rest.resting) return undefined
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

  /** Undefined when Redis, or what it knows of the tags, is out of reach: then there is nothing to store either. */
  async function look(key: string, tags: readonly string[]): Promise<Found | undefined> {
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

  /** Waits for its turn to load; or for what another process has loaded, which it then returns. */
  async function awaitOthers<T>(
    request: EntryRequest<T>,
    seen: Found,
  ): Promise<{ entry: MemoryEntry<T> } | { release: Release } | undefined> {
    const deadline = performance.now() + patienceMs
    let { id } = seen
    for (;;) {
      const turn = await ask((redis) => awaitTurn(redis, request.key, id, deadline))
      if (turn === undefined || turn.outcome === 'late') return undefined
      if (turn.outcome === 'locked') return { release: turn.release }
      const entry = (await coherence.read(request.tags ?? [])) ? adopt(request, turn.found) : undefined
      if (entry !== undefined) return { entry }
      id = turn.found.id
    }
  }

  async function loadAndKeep<T>(request: EntryRequest<T>, flight: Flight, found: Found | undefined) {
    const { key, codec, tags = [] } = request
    // From here on an invalidation counts for what is being loaded.
    const snapshot = coherence.snapshot(key, tags)
    flight.snapshot = snapshot
    const { value, changesAt } = await loadValue(request)
    const { entry, stored } = keeper.keep({
      key,
      value,
      changesAt,
      codec,
      options: request,
      snapshot,
      isDropped: () => flight.dropped,
      keyGeneration: rest.resting ? undefined : found?.keyGeneration,
    })
    // Nobody waits for Redis to have it; the lock is let go on the same connection, after it.
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
    async findOrLoad<T>(request: EntryRequest<T>, flight: Flight) {
      const found = await look(request.key, request.tags ?? [])
      let release: Release | undefined
      if (found !== undefined) {
        const entry = adopt(request, found)
        if (entry !== undefined) return entry
        counts.of(request.key).redisMisses++
        const turn = request.hot === false ? undefined : await awaitOthers(request, found)
        if (turn !== undefined && 'entry' in turn) return turn.entry
        release = turn?.release
      }
      try {
        return await loadAndKeep(request, flight, found)
      } finally {
        release?.().catch(onRedisFailure)
      }
    },

    async find<T>(key: string, codec: Codec<T>) {
      const found = await ask((redis) => redis.find(key))
      if (found?.entry === undefined || !(await coherence.read(found.entry.tags))) return undefined
      return take(key, found.entry, codec)
    },

    async refresh<T>(request: EntryRequest<T>, flight: Flight) {
      const found = await look(request.key, request.tags ?? [])
      if (found?.entry !== undefined && found.entry.freshUntil > Date.now() && adopt(request, found)) return
      const turn = found && (await ask((redis) => awaitTurn(redis, request.key, found.id, 0)))
      if (turn?.outcome === 'late' || turn?.outcome === 'changed') return
      try {
        await loadAndKeep(request, flight, found)
      } finally {
        turn?.release().catch(onRedisFailure)
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
