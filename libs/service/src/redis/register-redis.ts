import { setTimeout as sleep } from 'node:timers/promises'
import fastifyRedis from '@fastify/redis'
import type { FastifyInstance } from 'fastify'
import type { Redis } from './create-redis.ts'

/** How long a start waits for Redis. It answers in a few milliseconds, or is away and will be found later. */
const patienceMilliseconds = 1000

/**
 * Gives the instance its `redis`, to be disconnected when it closes. @fastify/redis holds up the start until the client is
 * connected, and a service starts without Redis too, so it is only registered with a client that is.
 */
export async function registerRedis(app: FastifyInstance, redis: Redis): Promise<void> {
  app.addHook('onClose', async () => redis.disconnect())
  if (await isReady(redis)) await app.register(fastifyRedis, { client: redis })
  // Its type for `redis` does not know clusters.
  else app.decorate('redis', redis as never)
}

async function isReady(redis: Redis): Promise<boolean> {
  if (redis.status === 'ready') return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  redis.once('ready', () => resolve(true))
  return Promise.race([promise, sleep(patienceMilliseconds, false, { ref: false })])
}
