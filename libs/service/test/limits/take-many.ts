import { once } from 'node:events'
import { createRedis } from '#src/index.ts'
import { redisSlidingWindow } from '#src/limits/sliding-window.ts'
import { redisReady } from '#src/testing/index.ts'
import { testConfig } from '../support.ts'

/** A process of the test: asks for `wanted` requests of a limit of `max`, a few at a time, and reports how many it was granted. */
const [key, max, wanted] = process.argv.slice(2) as [string, string, string]
const redis = createRedis(testConfig({ REDIS_NODES: process.env.REDIS_NODES as string }), {
  warn() {},
  info() {},
})
await redisReady(redis)
process.send?.('ready')
await once(process, 'message')
const take = redisSlidingWindow(redis, 'test')
let granted = 0
for (let asked = 0; asked < Number(wanted); asked += 10) {
  const batch = Array.from({ length: 10 }, () => take(key, { max: Number(max), windowMs: 60_000 }, 1))
  for (const verdict of await Promise.all(batch)) granted += verdict.granted
}
redis.disconnect()
process.send?.(granted)
process.disconnect()
