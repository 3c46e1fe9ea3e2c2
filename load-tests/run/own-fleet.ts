import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { serviceRuntime } from '@comanda/local-stack'
import {
  type ServiceUnderTest,
  startServiceUnderTest,
  startTemporaryStack,
} from '@comanda/local-stack/testing'
import { readCacheCounts } from '../bench/servers/cache-metrics.ts'
import { limitsOutOfReach } from '../limits.ts'
import { openMigratedDatabase } from '../open-database.ts'
import type { World } from '../profiles/world.ts'
import { insertWorld } from './insert-world.ts'

/** A fleet that exists for a run only. */
export interface OwnFleet {
  world: World
  /** The share of look-ups that the cache of orders answered so far, from 0 to 1. */
  hitRate: () => Promise<number>
  stop: () => Promise<void>
}

const entry = (name: string) => join(import.meta.dirname, `../../services/${name}/src/server.ts`)

/**
 * Starts Postgres with a standby, Redis, and a process each of orders, worker and realtime on this machine, with limits out of reach, and
 * fills the database with as many customers as wanted, with tokens that are valid for so long. Commits wait for the disk, as they do in production.
 */
export async function startOwnFleet(wanted: { customers: number; tokenSeconds: number }): Promise<OwnFleet> {
  const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true, durable: true })
  const services: ServiceUnderTest[] = []
  async function stop(): Promise<void> {
    await Promise.all(services.map((service) => service.stop('SIGKILL')))
    await stack.stop()
  }
  try {
    const accessTokenSecret = randomBytes(32).toString('hex')
    const filled = await fill(stack.primaryUrl, { ...wanted, accessTokenSecret })
    const start = async (name: string) => {
      const service = await startServiceUnderTest(entry(name), {
        ...serviceRuntime,
        LOG_LEVEL: 'info',
        ACCESS_TOKEN_SECRET: accessTokenSecret,
        DATABASE_URL: stack.primaryUrl,
        DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
        REDIS_NODES: stack.redisNodes,
        ...limitsOutOfReach,
      })
      services.push(service)
      return service
    }
    const orders = await start('orders')
    await start('worker')
    const realtime = await start('realtime')
    return {
      world: { url: orders.url, gatewayUrl: realtime.url, ...filled },
      async hitRate() {
        const counts = await readCacheCounts({ metricsUrl: `${orders.metricsUrl}/metrics` })
        return counts === null ? 0 : 1 - counts.misses / counts.lookUps
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function fill(url: string, counts: Parameters<typeof insertWorld>[1]): ReturnType<typeof insertWorld> {
  const database = await openMigratedDatabase(url, 'load')
  try {
    return await insertWorld(database.primary, counts)
  } finally {
    await database.close()
  }
}
