import type { Campus } from '../campus.ts'
import { placeOrder } from '../profiles/actions/order.ts'
import { choose } from '../profiles/choose.ts'
import type { AcknowledgedOrder, Device } from '../profiles/device.ts'
import type { Visitor, World } from '../profiles/world.ts'
import { startLoad } from '../runner/load.ts'

export interface TrafficOptions {
  /** The address of what stands in front of the fleet. */
  url: string
  campus: Pick<Campus, 'customers' | 'kitchens'>
  ordersPerSecond: number
  readsPerSecond: number
  /** Hears of every order and move as it is answered. */
  onAcknowledged: (order: AcknowledgedOrder) => void
}

export interface TrafficReport {
  requests: number
  medianMilliseconds: number
  slowestMilliseconds: number
  /** Orders and reads that were not begun in time, for want of processor time. */
  skipped: number
  /** Requests that failed or were answered otherwise than promised, in sentences. */
  problems: string[]
}

/** A steady load from now until it is stopped: customers place orders, the kitchen moves them, others read. What was begun comes to its end. */
export function startTraffic(options: TrafficOptions): { stop: () => Promise<TrafficReport> } {
  const { url, campus, ordersPerSecond, readsPerSecond, onAcknowledged } = options
  const world: World = { url, gatewayUrl: url, customers: campus.customers, kitchens: campus.kitchens }

  function somebody({ random }: Device): Visitor {
    const customer = Math.floor(random() * world.customers.length)
    const kitchen = choose(world.kitchens, random)
    return { world, customer, token: world.customers[customer] as string, kitchen }
  }

  async function read(device: Device): Promise<void> {
    const { token, kitchen } = somebody(device)
    const reads = [
      ['getMenu', `/v1/cafeterias/${kitchen.cafeteriaId}/menu`],
      ['listOrders', '/v1/orders'],
      ['listCafeterias', '/v1/cafeterias'],
    ] as const
    const [operation, path] = choose(reads, device.random)
    await device.send({ operation, method: 'GET', path, token, expected: [200] })
  }

  const load = startLoad({
    url,
    gatewayUrl: url,
    // The connections that nginx keeps to the pods are what is tested; a reload of nginx may close one of a client just when it is used.
    keepAlive: false,
    onAcknowledged,
    flows: [
      {
        act: (device) => placeOrder(device, somebody(device)),
        perSecond: () => ordersPerSecond,
        seconds: null,
        spacing: 'even',
      },
      { act: read, perSecond: () => readsPerSecond, seconds: null, spacing: 'even' },
    ],
  })
  return {
    async stop() {
      const { requests, duration, skipped, counts, problems } = await load.stop()
      const declined = counts.orders_declined ?? 0
      return {
        requests,
        medianMilliseconds: Math.round(duration.p50 ?? 0),
        slowestMilliseconds: Math.round(duration.max ?? 0),
        skipped,
        problems: declined === 0 ? problems : [...problems, `${declined} orders were declined`],
      }
    },
  }
}
