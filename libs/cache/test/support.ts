import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisNodes } from '@comanda/local-stack/testing'
import { createMetrics, createRedis, createRedisSubscriber } from '@comanda/service'
import type { Test } from 'tap'
import { type CacheConfig, type CacheOptions, createCache } from '#src/index.ts'
import { removeMatching } from '#src/redis/remove-matching.ts'

export const silent = { warn: () => undefined, info: () => undefined }

const defaults: CacheConfig = {
  CACHE: 'on',
  CACHE_MEMORY_BYTES: 8_000_000,
  CACHE_ENTRY_BYTES: 1_000_000,
  CACHE_ROUTE_BYTES: 8_000_000,
}

export interface TestCacheOptions extends Partial<Omit<CacheOptions, 'config'>> {
  config?: Partial<CacheConfig>
  /** A cluster of the test's own, which it may break. */
  nodes?: string
  /** Longer than in a service, because a machine that runs tests may be slow; not longer where that is the question. */
  commandTimeoutMs?: number
}

/** Keys and channels that no other test uses. */
export const ownSpace = () => `test-${randomUUID().slice(0, 8)}`

/** A cache with clients of its own, as a process has; it closes with the test. Those of one space belong together. */
export async function testCache(
  t: Test,
  { nodes, commandTimeoutMs = 20_000, config, ...options }: TestCacheOptions & { space: string },
) {
  const redisConfig = { REDIS_NODES: nodes ?? testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: commandTimeoutMs }
  const redis = createRedis(redisConfig, silent)
  const subscriber = createRedisSubscriber(redisConfig, silent)
  const metrics = createMetrics()
  const cache = createCache({
    config: { ...defaults, ...config },
    redis,
    subscriber,
    metrics,
    log: silent,
    namespace: 'test-1',
    ...options,
  })
  t.teardown(async () => {
    await cache.close()
    // The cluster is everybody's, and outlives the tests; one that a test has broken does not.
    await removeMatching(redis, `${options.space}:*`).catch(() => 0)
    redis.disconnect()
    subscriber.disconnect()
  })
  await cache.whenCoherent()
  // On a busy machine the first connection takes longer than a cache waits; only a cluster that a test breaks may stay away.
  while (nodes === undefined && !cache.stats().coherent) await sleep(5)
  return { cache, redis, subscriber, metrics }
}

/** Two caches of one fleet, which share nothing but Redis. */
export async function twoCaches(t: Test, options: TestCacheOptions = {}) {
  const space = ownSpace()
  const [here, there] = await Promise.all([
    testCache(t, { space, ...options }),
    testCache(t, { space, ...options }),
  ])
  return { here: here.cache, there: there.cache, space, parts: { here, there } }
}

/** A load that counts its calls and ends when the test says so. */
export function heldLoad<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const started = Promise.withResolvers<void>()
  let calls = 0
  const load = () => {
    calls++
    started.resolve()
    return promise
  }
  return { load, resolve, reject, started: started.promise, calls: () => calls }
}
