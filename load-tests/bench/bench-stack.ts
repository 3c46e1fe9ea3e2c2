import { randomBytes } from 'node:crypto'
import { createDatabase, databaseConfig, databaseOptions, migrate } from '@comanda/database'
import type { Stack } from '@comanda/local-stack'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { loadConfig } from '@comanda/service'
import { Type } from 'typebox'
import { type BenchCampus, insertBenchCampus } from './campus.ts'
import { type Cores, findCores } from './cores.ts'
import { findWrk, runWrk, type WrkLoad } from './load/wrk.ts'
import type { LoadResult } from './measuring/sample.ts'
import { type BareServer, startBareServer } from './servers/bare-server.ts'
import { type CacheLayers, startOrders } from './servers/orders-server.ts'
import type { MeasuredServer } from './servers/server-process.ts'
import type { Settings } from './settings.ts'

/** Everything the parts of the bench share. */
export interface Bench {
  settings: Settings
  say: (line: string) => void
  cores: Cores
  stack: Stack
  campus: BenchCampus
  /** orders as it is deployed; the same process from the first part to the last. */
  orders: MeasuredServer
  bare: BareServer
  /** Another orders with less of a cache, until the end of the run; asked twice it is the same. */
  startOrders: (cache: CacheLayers) => Promise<MeasuredServer>
  /** What every server said last. */
  lastOutput: () => string
  wrk: (load: Omit<WrkLoad, 'connections' | 'cores'> & Partial<WrkLoad>) => Promise<LoadResult>
  stop: () => Promise<void>
}

/** Servers, data and processes for one run, on this machine alone; commits wait for the disk as they do in production. */
export async function startBench(settings: Settings, say: (line: string) => void): Promise<Bench> {
  const cores = findCores()
  const wrk = await findWrk(say)
  const stack = await startTemporaryStack({
    postgres: { standbys: 1, settings: { shared_buffers: '512MB' } },
    redis: true,
    durable: !settings.quick,
    say,
  })
  const servers: MeasuredServer[] = []
  const stop = async () => {
    for (const { child } of servers) child.kill('SIGKILL')
    await stack.stop()
  }
  try {
    const accessTokenSecret = randomBytes(32).toString('hex')
    const campus = await fill(stack, settings, accessTokenSecret)
    const { databaseConnections, connections } = settings
    const keep = <T extends MeasuredServer>(server: T): T => {
      servers.push(server)
      return server
    }
    const started = new Map<CacheLayers, Promise<MeasuredServer>>()
    const start = (cache: CacheLayers): Promise<MeasuredServer> => {
      const known = started.get(cache)
      if (known) return known
      const options = { cores: cores.server, accessTokenSecret, databaseConnections, cache }
      const server = startOrders(stack, options).then(keep)
      started.set(cache, server)
      return server
    }
    const [orders, bare] = await Promise.all([start('both'), startBareServer(cores.server).then(keep)])
    return {
      settings,
      say,
      cores,
      stack,
      campus,
      orders,
      bare,
      startOrders: start,
      lastOutput: () => servers.map(({ name, lastOutput }) => `${name}: ${lastOutput()}`).join('\n'),
      wrk: (load) => runWrk(wrk, { connections, cores: cores.load, ...load }),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function fill(stack: Stack, { cafeterias, customers }: Settings, accessTokenSecret: string) {
  const config = loadConfig(Type.Object(databaseConfig), { DATABASE_URL: stack.primaryUrl })
  const log = { warn: () => {}, info: () => {} }
  await migrate(stack.primaryUrl)
  const database = createDatabase({ ...databaseOptions(config, 'bench'), log })
  try {
    return await insertBenchCampus(database.primary, { cafeterias, customers, accessTokenSecret })
  } finally {
    await database.close()
  }
}
