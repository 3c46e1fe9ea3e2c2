import { monitorEventLoopDelay } from 'node:perf_hooks'
import { memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import type { Redis } from '../redis/create-redis.ts'
import type { HealthCheck } from './health-check.ts'

const heapWarnShare = 0.9
const loopWarnMs = 250

/** Redis holds only what can be rebuilt: without it the service is degraded, not down. */
export function redisCheck(redis: Redis): HealthCheck {
  return {
    name: 'redis',
    needed: 'degraded',
    async check() {
      if (redis.status !== 'ready') return { status: 'unhealthy', details: { connection: redis.status } }
      // Any key finds its master; EXISTS costs nothing and needs no right but reading.
      await redis.exists('health')
      return { status: 'healthy', details: { masters: redis.nodes('master').length } }
    },
  }
}

/** Heap close to its limit means that garbage collection will soon eat the processor. */
export function memoryCheck(): HealthCheck {
  const { heap_size_limit: limit } = getHeapStatistics()
  return {
    name: 'memory',
    needed: 'degraded',
    async check() {
      const { heapUsed, rss } = memoryUsage()
      const status = heapUsed > limit * heapWarnShare ? 'degraded' : 'healthy'
      return { status, details: { heapUsedBytes: heapUsed, heapLimitBytes: limit, rssBytes: rss } }
    },
  }
}

/** The p99 delay of the event loop since the check before this one. `stop` ends the measurement. */
export function eventLoopCheck(): HealthCheck & { stop(): void } {
  const resolution = 10
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  return {
    name: 'eventLoop',
    needed: 'degraded',
    async check() {
      const p99 = Math.max(0, histogram.percentile(99) / 1e6 - resolution)
      histogram.reset()
      const delayP99Ms = Math.round(p99 * 100) / 100
      return { status: delayP99Ms > loopWarnMs ? 'degraded' : 'healthy', details: { delayP99Ms } }
    },
    stop: () => void histogram.disable(),
  }
}
