import { setTimeout as sleep } from 'node:timers/promises'
import type { Metrics } from '@comanda/service'
import type { Cluster } from 'ioredis'
import { registerCacheMetrics } from './cache-metrics.ts'
import { type Codec, jsonCodec } from './codec.ts'
import type { Announcement } from './coherence/announcements.ts'
import { type Coherence, createCoherence } from './coherence/coherence.ts'
import { anyPosition, type ConsistencyToken } from './coherence/tags.ts'
import type { CacheConfig } from './config.ts'
import type { EntryOptions, EntryRequest, LoadContext } from './core/entry-request.ts'
import { createFetch } from './core/fetch.ts'
import { createFreshLoads } from './core/fresh-loads.ts'
import { createInFlightLoads } from './core/in-flight-loads.ts'
import { createKeeper } from './core/keeper.ts'
import { createStore } from './core/store.ts'
import { createCounts } from './counts.ts'
import { createMemoryLayer, type MemoryEntry } from './memory/memory-layer.ts'
import { createBackOff } from './redis/back-off.ts'
import { createRedisLayer } from './redis/redis-layer.ts'
import { type CacheStats, collectStats } from './stats.ts'

export interface CacheOptions {
  config: CacheConfig
  /** The client made by `createRedis`, whose commands time out. Whoever opened it closes it, after the cache. */
  redis: Cluster
  /** The connection made by `createRedisSubscriber`, for the channels that announce changes. */
  subscriber: Cluster
  /** Separates programs whose answers have different forms: a service and its version. Tags and patterns reach them all. */
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

/** Two layers over one source of truth: the memory of the process and Redis. Values are handed out frozen, as JSON has them. */
export interface Cache {
  /**
   * The value of a key, loaded when it is in no layer. One load at a time per process, and one in the fleet while Redis is there.
   * Redis being away costs a load. Rejects with what `load` throws, which is not kept; everybody who waited gets the same.
   */
  getOrSet<T>(key: string, options: ReadOptions, load: (context: LoadContext) => Promise<T>): Promise<T>
  /** The value of a key from either layer; undefined when neither has it. */
  get(key: string): Promise<unknown>
  /** Replaces a value everywhere. For what comes from the database use `getOrSet`: only a load knows what it may have missed. */
  set(key: string, value: unknown, options: EntryOptions): Promise<void>
  /** Removes a key everywhere. Never rejects; when Redis is away it is tried again until it has worked. */
  delete(key: string): Promise<void>
  /**
   * To be called after a commit, before its client is answered. From this call on this process does not serve what depended on
   * the tags, nor keep what it is loading; others from the moment that the change reaches them. Loads that follow get `after` as
   * their least position. Never rejects; when Redis is away it is tried again until it has worked.
   */
  invalidateTags(tags: readonly string[], options?: { after?: ConsistencyToken }): Promise<void>
  /**
   * Announces an invalidation that is to come, for changes that are gathered. Until it is made, others may be served what is kept;
   * readers who name a position (`verified`) get what the source has.
   */
  announceInvalidation(tags: readonly string[]): Announcement
  /** Removes the keys that match a pattern of Redis, everywhere, and returns how many Redis had. */
  invalidatePattern(pattern: string): Promise<number>
  stats(): CacheStats
  /** Resolves when changes elsewhere are noticed, or after a second without Redis. */
  whenCoherent(): Promise<void>
  /** Ends its timers and subscriptions, after what is being loaded. */
  close(): Promise<void>
  /** The cache for values that are kept in another form than JSON. */
  entries<T>(codec: Codec<T>): EntryCache<T>
}

/** A cache over a codec of the caller's, without promises where the process has the entry. */
export interface EntryCache<T> {
  peek(key: string): MemoryEntry<T> | undefined
  /**
   * What Redis has of a key that is not here, with nothing loaded; undefined when that is not worth asking. Never rejects.
   */
  seek(key: string): Promise<MemoryEntry<T> | undefined> | undefined
  read(request: Omit<EntryRequest<T>, 'codec'>): Promise<MemoryEntry<T>>
  refresh(request: Omit<EntryRequest<T>, 'codec'>): void
  /** Counts `bytes` more for an entry whose value has become larger. */
  grow(key: string, entry: MemoryEntry<T>, bytes: number): void
}

const patienceMs = 1000

/**
 * Opens a cache over two layers. It begins to poll Redis at once, and works without Redis until the first poll succeeds. Whoever
 * calls it closes it, before the clients that it was given. Throws when a metric of a cache is registered already.
 */
export function createCache(options: CacheOptions): Cache {
  const { config, redis: cluster, subscriber, namespace, metrics, log, space = 'cache' } = options
  const { addTiming = () => undefined } = options
  const counts = createCounts()
  const backOff = createBackOff()
  const memory = createMemoryLayer(config.CACHE_MEMORY_BYTES, (key) => void counts.of(key).evictions++)
  const redis = createRedisLayer(cluster, { space, namespace, routeBytes: config.CACHE_ROUTE_BYTES })
  const coherence: Coherence = createCoherence({
    redis: cluster,
    subscriber,
    space,
    onDrop,
    onFailure: onRedisFailure,
  })
  const inFlightLoads = createInFlightLoads(coherence.isOutdated)
  const isCoherent = () => coherence.isLive()
  const observeLoad = registerCacheMetrics(metrics, { counts, memory, isCoherent })
  const keeper = createKeeper({ memory, redis, coherence, counts, maxEntryBytes: config.CACHE_ENTRY_BYTES })
  const fetch = createFetch({
    redis,
    backOff,
    coherence,
    keeper,
    counts,
    observeLoad,
    addTiming,
    onRedisFailure,
  })
  const verify = async (tags: readonly string[]) => !backOff.active && coherence.verify(tags)
  const freshLoads = createFreshLoads((request) => fetch.load(request))
  const store = createStore({
    memory,
    coherence,
    inFlightLoads,
    counts,
    fetch,
    verify,
    loadFresh: freshLoads.load,
    onRefreshFailure,
  })

  function onDrop(matches: string | ((key: string) => boolean)) {
    if (typeof matches === 'string') memory?.remove(matches)
    else memory?.removeMatching(matches)
    inFlightLoads.drop(matches)
  }

  let warnedAt = Number.NEGATIVE_INFINITY
  function onRedisFailure(err: unknown) {
    counts.redisFailures++
    backOff.begin()
    // While Redis is away every command fails: one line a minute says as much.
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
    announceInvalidation(tags) {
      const { known, invalidate } = coherence.announce(tags)
      return {
        known,
        invalidate(options) {
          counts.invalidations.tag += tags.length
          return invalidate(options)
        },
      }
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
      await Promise.race([coherence.firstPoll, sleep(patienceMs, undefined, { ref: false })])
    },
    async close() {
      await Promise.all([inFlightLoads.settle(), freshLoads.settle()])
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
