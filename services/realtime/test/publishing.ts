import { createDashboardPublisher, type DashboardPublisher } from '@comanda/events/relay'
import { testRedisNodes } from '@comanda/local-stack/testing'
import { createRedis, type Redis } from '@comanda/service'
import { redisReady } from '@comanda/service/testing'
import type { Test } from 'tap'

/** Opens a connection to the Redis of tests, from which a test publishes to gateways. It takes commands, and ends with the test. */
export async function connectToRedis(t: Test): Promise<Redis> {
  const redis = createRedis(
    { REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: 20_000 },
    { warn() {}, info() {} },
  )
  t.teardown(() => redis.disconnect())
  await redisReady(redis)
  return redis
}

/** Publishes changes of dashboards to the gateways of a fleet, as the worker does. */
export async function openDashboardPublisher(t: Test, prefix: string): Promise<DashboardPublisher> {
  const redis = await connectToRedis(t)
  const publisher = createDashboardPublisher({ redis, prefix, onFailed: (error) => t.error(error) })
  t.teardown(() => publisher.close())
  return publisher
}
