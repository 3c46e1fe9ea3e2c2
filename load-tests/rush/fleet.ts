import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServiceUnderTest, startServiceUnderTest } from '@comanda/local-stack/testing'
import { startBalancer } from './balancer.ts'

const entry = (name: string) => join(import.meta.dirname, `../../services/${name}/src/server.ts`)

/** The processes of a small fleet, which come back after they were killed, as a cluster brings them back. */
export interface Fleet {
  ordersUrl: string
  /** What stands in front of the gateways. */
  gatewayUrl: string
  gateways: readonly ServiceUnderTest[]
  addGateway: () => Promise<void>
  /** Kills the one that has been there longest. */
  killGateway: () => Promise<void>
  /** Kills the worker that numbers the events now. */
  killSequencer: () => Promise<void>
  stop: () => Promise<void>
}

/** How long a cluster takes to notice and to start another one, in milliseconds; the start itself comes on top. */
const restartMilliseconds = 1000

export async function startFleet(
  env: Record<string, string>,
  { gateways: gatewayCount = 2 } = {},
): Promise<Fleet> {
  const balancer = await startBalancer()
  let stopping = false
  const restarts = new Set<Promise<void>>()
  const start = (name: string) => startServiceUnderTest(entry(name), env)
  const orders = await start('orders')
  const workers = [await start('worker'), await start('worker')]
  const gateways: ServiceUnderTest[] = []
  const balance = () => balancer.use(gateways.map(({ url }) => Number(new URL(url).port)))
  async function addGateway(): Promise<void> {
    gateways.push(await start('realtime'))
    balance()
  }
  for (let count = 0; count < gatewayCount; count += 1) await addGateway()

  async function kill(name: string, services: ServiceUnderTest[], victim: ServiceUnderTest): Promise<void> {
    services.splice(services.indexOf(victim), 1)
    await victim.stop('SIGKILL')
    balance()
    const restart = (async () => {
      await wait(restartMilliseconds)
      if (stopping) return
      services.push(await start(name))
      balance()
    })()
    restarts.add(restart)
  }

  return {
    ordersUrl: orders.url,
    gatewayUrl: balancer.url,
    gateways,
    addGateway,
    killGateway: () => kill('realtime', gateways, gateways[0] as ServiceUnderTest),
    async killSequencer() {
      const before = await Promise.all(workers.map(countSequenced))
      await wait(500)
      const after = await Promise.all(workers.map(countSequenced))
      const grown = after.map((count, index) => count - (before[index] ?? 0))
      await kill('worker', workers, workers[grown.indexOf(Math.max(...grown))] as ServiceUnderTest)
    },
    async stop() {
      stopping = true
      await Promise.allSettled(restarts)
      await Promise.all([orders, ...workers, ...gateways].map((service) => service.stop('SIGKILL')))
      await balancer.close()
    },
  }
}

async function countSequenced({ metricsUrl }: ServiceUnderTest): Promise<number> {
  const metrics = await (await fetch(`${metricsUrl}/metrics`)).text()
  return Number(/^events_sequenced_total (\d+)/m.exec(metrics)?.[1] ?? 0)
}
