import { join } from 'node:path'
import { bundle } from '@comanda/images/bundle'
import { type Stack, serviceRuntime } from '@comanda/local-stack'
import { asService } from '@comanda/local-stack/testing'
import { limitsOutOfReach } from '../../limits.ts'
import { type MeasuredServer, startServerProcess } from './server-process.ts'

const folder = join(import.meta.dirname, '../../../services/orders')
let file: Promise<string> | undefined

/** How far the cache is on. */
export type CacheLayers = 'both' | 'redis' | 'none'
const cacheVariables = { both: {}, redis: { CACHE_MEMORY_BYTES: '0' }, none: { CACHE: 'off' } }

export interface OrdersSettings {
  cores: string
  accessTokenSecret: string
  databaseConnections: number
  cache: CacheLayers
}

/** orders as it is deployed: one file, production, logs, metrics, the replica, and every limit on but out of reach. */
export async function startOrders(
  stack: Stack,
  { cores, accessTokenSecret, databaseConnections, cache }: OrdersSettings,
): Promise<MeasuredServer> {
  file ??= bundle(folder)
  return startServerProcess(`orders (cache: ${cache})`, await file, cores, {
    ...serviceRuntime,
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    ACCESS_TOKEN_SECRET: accessTokenSecret,
    PAYMENT_PROVIDER: 'none',
    DATABASE_URL: asService(stack.primaryUrl, 'orders'),
    DATABASE_REPLICA_URLS: asService(`catalogue=${stack.replicaUrls[0]}`, 'orders'),
    DATABASE_POOL_MAX: String(databaseConnections),
    REDIS_NODES: stack.redisNodes,
    ...cacheVariables[cache],
    ...limitsOutOfReach,
  })
}
