// A process of a fleet, as a test starts it: over IPC it gets what to do, and reads one key many times at once.
import { createMetrics, createRedis, createRedisSubscriber } from '@comanda/service'
import { redisReady } from '@comanda/service/testing'
import { createCache } from '#src/index.ts'
import { silent } from './support.ts'

export interface Task {
  nodes: string
  space: string
  key: string
  callers: number
  /** Counts loads in Redis, where both processes see it. */
  counter: string
}

process.once('message', (task: Task) => void run(task))

async function run({ nodes, space, key, callers, counter }: Task) {
  const config = { REDIS_NODES: nodes, REDIS_COMMAND_TIMEOUT_MS: 20_000 }
  const redis = createRedis(config, silent)
  const subscriber = createRedisSubscriber(config, silent)
  const cache = createCache({
    config: {
      CACHE: 'on',
      CACHE_MEMORY_BYTES: 8_000_000,
      CACHE_ENTRY_BYTES: 1_000_000,
      CACHE_ROUTE_BYTES: 8_000_000,
    },
    redis,
    subscriber,
    metrics: createMetrics(),
    log: silent,
    namespace: 'test-1',
    space,
  })
  await cache.whenCoherent()
  // Its commands are refused while it connects.
  await redisReady(redis)
  process.send?.('ready')
  process.once('message', () => void read())

  async function read() {
    const load = async () => {
      const loads = await redis.incr(counter)
      // Long enough for everybody to be waiting.
      await new Promise((resolve) => void setTimeout(resolve, 100))
      return `answer of load ${loads}`
    }
    const reads = Array.from({ length: callers }, () => cache.getOrSet(key, { tags: ['a'] }, load))
    const answers = new Set(await Promise.all(reads))
    process.send?.([...answers])
    await cache.close()
    redis.disconnect()
    subscriber.disconnect()
    process.disconnect()
  }
}
