import { setTimeout as wait } from 'node:timers/promises'
import fastifyRedis from '@fastify/redis'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Metrics } from '../metrics/metrics.ts'
import type { Redis } from './create-redis.ts'
import { instrumentRedis, type RedisCommandListener } from './redis-metrics.ts'

export interface RedisOptions {
  /** Stays open when the service closes: whoever opened it closes it afterwards. */
  redis: Redis
  metrics: Metrics
  onCommand?: RedisCommandListener | undefined
}

/** How long a start waits for Redis. It answers in a few milliseconds, or is away and the client connects later. */
const patienceMilliseconds = 1000

/**
 * `app.redis`, by @fastify/redis, with every command measured. The plugin holds up the start until its client is connected; here it
 * does so for a second at most, because a service starts without Redis too.
 */
async function redisClient(app: FastifyInstance, { redis, metrics, onCommand }: RedisOptions) {
  instrumentRedis(redis, metrics, onCommand)
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>()
  fastifyRedis(app, { client: redis }, (error) => (error === undefined ? resolve() : reject(error)))
  await Promise.race([connected, wait(patienceMilliseconds, undefined, { ref: false })])
}

export const redisPlugin = fp(redisClient, { fastify: '5.x', name: 'comanda-redis' })
