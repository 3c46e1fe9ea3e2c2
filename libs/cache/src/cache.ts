import { setTimeout as sleep } from 'node:timers/promises'
import type { Metrics } from '@comanda/service'
import type { Cluster } from 'ioredis'
import { registerCacheMetrics } from './cache-metrics.ts'
import { type Codec, jsonCodec } from './codec.ts'
import { type Coherence, createCoherence } from './coherence/coherence.ts'
import { anyPosition, type ConsistencyToken } from './coherence/tags.ts'
import type { CacheConfig } from './config.ts'
import type { EntryOptions, EntryRequest, LoadContext } from './core/entry-request.ts'
import { createFetch } from './core/fetch.ts'
import { createFlights } from './core/flights.ts'
import { createKeeper } from './core/keeper.ts'
import { createStore } from './core/store.ts'
import { createCounts } from './counts.ts'
import { createMemoryLayer, type MemoryEntry } from './memory/memory-layer.ts'
import { createRedisLayer } from './redis/redis-layer.ts'
import { createRest } from './redis/rest.ts'
import { type CacheStats, collectStats } from './stats.ts'

export interface CacheOptions {
  config: CacheConfig
  /** Of `createRedis`: its commands time out. Closed by whoever opened it, after the cache. */
  redis: Cluster
  /** Of `createRedisSubscriber`. */
  subscriber: Cluster
  /** Separates those whose answers look different: a service and its version. Tags and patterns reach them all. */
  namespace: string
  metrics: Metrics
  log: { warn(facts: object, message: string): void }
  /** Adds milliseconds spent on Redis to the request that is being served. */
  addTiming?: (milliseconds: number) => void
  /** Start of all keys and channels; `cache` unless given. */
  space?: string
}

export interface ReadOptions extends EntryOptions {
  /** Ask Redis whether the entry is current, because the caller may just have written through another process. */
  verified?: boolean
  /** The caller's own position, besides what invalidations came with. */
  minimum?: ConsistencyToken
}

/** Two layers over one truth (CACHE-1): the memory of the process and Redis. Values are handed out frozen, as JSON has them. */
export interface Cache {
  /**
   * The value of a key, loaded when it is in no layer. One load at a time per process, and one in the fleet while Redis is there.
   * Redis being away costs a load. Rejects with what `load` throws, which is not kept; everybody who waited gets the same.
   */
  getOrSet<T>(key: string, options: ReadOptions, load: (context: LoadContext) => Promise<T>): Promise<T>
  /** Undefined when it is in no layer. */
  get(key: string): Promise<unknown>
  /** Replaces a value everywhere. For what comes from the database use `getOrSet`: only a load knows what it may have missed. */
  set(key: string, value: unknown, options: EntryOptions): Promise<void>
  /** Removes a key everywhere. Never rejects; when Redis is away it is tried again until it has worked. */
  delete(key: string): Promise<void>
  /**
   * To be called after a commit, before its client is answered. From this call on this process does not serve what depended on
   * the tags, nor keep what it is loading; others from the moment that they hear. Loads that follow get `after` as their least
   * position. Never rejects; when Redis is away it is tried again until it has worked.
   */
  invalidateTags(tags: readonly string[], options?: { after?: ConsistencyToken }): Promise<void>
  /** Removes the keys that match a pattern of Redis, everywhere, and returns how many Redis had. */
  invalidatePattern(pattern: string): Promise<number>
  stats(): CacheStats
  /** Resolves when changes elsewhere are noticed, or after a second without Redis. */
  whenCoherent(): Promise<void>
  /** Ends its timers and subscriptions, after what is being loaded. */
  close(): Promise<void>
  /** For what is kept in another form than JSON. */
  entries<T>(codec: Codec<T>): EntryCache<T>
}

/** The same over a codec of one's own, without promises where the process has the entry. */
export interface EntryCache<T> {
  peek(key: string): MemoryEntry<T> | undefined
  /**
   * What Redis has of a key that is not here, with nothing loaded; undefined when that is not worth a look. Never rejects.
   */
  seek(key: string): Promise<MemoryEntry<T> | undefined> | undefined
  read(request: Omit<EntryRequest<T>, 'codec'>): Promise<MemoryEntry<T>>
  refresh(request: Omit<EntryRequest<T>, 'codec'>): void
  /** What the entry holds has become larger. */
  grow(key: string, entry: MemoryEntry<T>, bytes: number): void
}

const patienceMs = 1000

export function createCache(options: CacheOptions): Cache {
  const { config, redis: cluster, subscriber, namespace, metrics, log, space = 'cache' } = options
  const { addTiming = () => undefined } = options
  const counts = createCounts()
  const rest = createRest()
  const memory = createMemoryLayer(config.CACHE_MEMORY_BYTES, (key) => void counts.of(key).evictions++)
  const redis = createRedisLayer(cluster, space, namespace)
  const coherence: Coherence = createCoherence({
    redis: cluster,
    subscriber,
    space,
    onDrop,
    onFailure: onRedisFailure,
  })
  const flights = createFlights(coherence.isOutdated)
  const isCoherent = () => coherence.isLive()
  const observeLoad = registerCacheMetrics(metrics, { counts, memory, isCoherent })
  const keeper = createKeeper({ memory, redis, coherence, counts, maxEntryBytes: config.CACHE_ENTRY_BYTES })
  const fetch = createFetch({
    redis,
    rest,
    coherence,
    keeper,
    counts,
    observeLoad,
    addTiming,
    onRedisFailure,
  })
  const verify = async (tags: readonly string[]) => !rest.resting && coherence.read(tags, { again: true })
  const store = createStore({ memory, coherence, flights, counts, fetch, verify, onRefreshFailure })

  function onDrop(matches: string | ((key: string) => boolean)) {
    if (typeof matches === 'string') memory?.remove(matches)
    else memory?.removeMatching(matches)
    flights.drop(matches)
  }

  let warnedAt = Number.NEGATIVE_INFINITY
  function onRedisFailure(err: unknown) {
    counts.redisFailures++
    rest.begin()
    // While Redis is away every look fails: one line a minute tells as much.
    if (performance.now() - warnedAt < 60_000) return
    warnedAt = performance.now()
    log.warn({ err }, 'the cache goes on without redis')
  }

  function onRefreshFailure(err: unknown) {
    log.warn({ err }, 'a cached answer could not be loaded anew')
  }

  async function read<T>(request: EntryRequest<T>): Promise<MemoryEntry<T>> {
    return config.CACHE === 'off' ? fetch.load(request) : store.read(request)
  }

  return {
    async getOrSet<T>(key: string, options: ReadOptions, load: (context: LoadContext) => Promise<T>) {
      return (await read<T>({ ...options, key, load, codec: jsonCodec as Codec<T> })).value
    },
    async get(key) {
      if (config.CACHE === 'off') return undefined
      const kept = store.peek(key)
      const count = counts.of(key)
      if (kept !== undefined) count.memoryHits++
      else count.memoryMisses++
      return (kept ?? (await fetch.find(key, jsonCodec)))?.value
    },
    async set(key, value, options) {
      if (config.CACHE === 'off') return
      let keyGeneration: string | undefined
      await coherence.changeKey(key, async () => void (keyGeneration = await redis.remove(key)))
      const known = await coherence.read(options.tags ?? [])
      const { stored } = keeper.keep({
        key,
        value,
        changesAt: Number.POSITIVE_INFINITY,
        codec: jsonCodec,
        options,
        snapshot: coherence.snapshot(key, options.tags ?? []),
        isDropped: () => false,
        keyGeneration: known ? keyGeneration : undefined,
      })
      await stored?.catch(onRedisFailure)
    },
    async delete(key) {
      counts.invalidations.key++
      await coherence.changeKey(key, async () => void (await redis.remove(key)))
    },
    async invalidateTags(tags, { after = anyPosition } = {}) {
      counts.invalidations.tag += tags.length
      await coherence.invalidateTags(tags, after)
    },
    async invalidatePattern(pattern) {
      counts.invalidations.pattern++
      await coherence.ban(pattern)
      try {
        return await redis.removeMatching(pattern)
      } catch (error) {
        // What stays in Redis is banned, and expires.
        onRedisFailure(error)
        return 0
      }
    },
    stats: () =>
      collectStats({
        counts,
        memory,
        maxBytes: config.CACHE_MEMORY_BYTES,
        isCoherent,
        pending: () => coherence.pending,
      }),
    async whenCoherent() {
      await Promise.race([coherence.firstSight, sleep(patienceMs, undefined, { ref: false })])
    },
    async close() {
      await flights.settle()
      await coherence.close()
    },
    entries: (codec) => ({
      peek: (key) => (config.CACHE === 'off' ? undefined : store.peek(key)),
      seek: (key) => (config.CACHE === 'off' ? undefined : store.seek(key, codec)),
      read: (request) => read({ ...request, codec }),
      refresh: (request) => store.refresh({ ...request, codec }),
      grow: (key, entry, bytes) => memory?.grow(key, entry, bytes),
    }),
  }
}
