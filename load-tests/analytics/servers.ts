import { join } from 'node:path'
import type { Stack } from '@comanda/local-stack'
import {
  type ServiceUnderTest,
  startServiceUnderTest,
  startTemporaryStack,
} from '@comanda/local-stack/testing'
import { limitsOutOfReach } from '../limits.ts'

export interface Services {
  analytics: ServiceUnderTest
  orders: ServiceUnderTest
  stop: () => Promise<void>
}

/** Postgres with one standby, on the disk as in production, that has received everything it needs however much is seeded. */
export function startServers(say: (line: string) => void): Promise<Stack> {
  return startTemporaryStack({
    postgres: {
      standbys: 1,
      settings: { shared_buffers: '512MB', max_wal_size: '4GB', max_slot_wal_keep_size: -1 },
    },
    redis: true,
    durable: true,
    say,
  })
}

/** Both services with nothing cached, as they read in production: dashboards and lists from the standby. */
export async function startServices(stack: Stack, accessTokenSecret: string): Promise<Services> {
  const [replica] = stack.replicaUrls
  const env = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    CACHE: 'off',
    ...limitsOutOfReach,
    ACCESS_TOKEN_SECRET: accessTokenSecret,
    DATABASE_URL: stack.primaryUrl,
    DATABASE_REPLICA_URLS: `analytics=${replica},catalogue=${replica}`,
    REDIS_NODES: stack.redisNodes,
  }
  const start = (name: string, more: Record<string, string> = {}) =>
    startServiceUnderTest(join(import.meta.dirname, `../../services/${name}/src/server.ts`), {
      ...env,
      ...more,
    })
  const analytics = await start('analytics')
  const orders = await start('orders', { PAYMENT_PROVIDER: 'none' })
  return {
    analytics,
    orders,
    async stop() {
      await Promise.all([analytics.stop('SIGKILL'), orders.stop('SIGKILL')])
    },
  }
}
