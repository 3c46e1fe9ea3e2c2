import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Kitchen } from '../campus.ts'

export interface Placed {
  orderId: string
  /** Index of the customer. */
  customer: number
}

export interface TrafficOptions {
  /** Where the orders service answers. */
  url: string
  /** A token each. */
  customers: readonly string[]
  kitchens: readonly Kitchen[]
  perSecond: number
  onPlaced: (placed: Placed) => void
}

export interface Traffic {
  /** The highest version of each order that was acknowledged to a customer or the staff. */
  acknowledged: ReadonlyMap<string, number>
  /** Calls that were answered otherwise than with success, by status; 0: not at all. */
  failures: ReadonlyMap<number, number>
  /** Ends placing; resolves when what was begun has come to its end. */
  stop: () => Promise<void>
  /** Ends it all at once, whatever is under way. */
  abandon: () => void
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T
const callMilliseconds = 10_000

/** Customers who place orders and staff who move them, and who try again until they know what came of it, as apps do. */
export function startTraffic({ url, customers, kitchens, perSecond, onPlaced }: TrafficOptions): Traffic {
  const acknowledged = new Map<string, number>()
  const failures = new Map<number, number>()
  const underWay = new Set<Promise<void>>()
  let stopped = false
  const abandoning = new AbortController()

  async function post(path: string, token: string, body?: object): Promise<{ id: string; version: number }> {
    const key = randomUUID()
    for (;;) {
      let status = 0
      try {
        const response = await fetch(url + path, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            ...(body ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
          signal: AbortSignal.any([abandoning.signal, AbortSignal.timeout(callMilliseconds)]),
        })
        status = response.status
        const answer = (await response.json()) as { id: string; version: number }
        if (response.ok) {
          acknowledged.set(answer.id, Math.max(acknowledged.get(answer.id) ?? 0, answer.version))
          return answer
        }
        // Unavailable, or the same key is under way still. Anything else is a fault of the fleet or of this program.
        if (status !== 503 && status !== 409)
          throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`)
      } catch (error) {
        // The time can also be over between the head of an answer and its body.
        if (error instanceof DOMException && error.name === 'TimeoutError') status = 0
        if (status !== 0 && status !== 503 && status !== 409) throw error
      }
      failures.set(status, (failures.get(status) ?? 0) + 1)
      await wait(100 + Math.random() * 400, undefined, { signal: abandoning.signal })
    }
  }

  async function one(): Promise<void> {
    const kitchen = pick(kitchens)
    const customer = Math.floor(Math.random() * customers.length)
    const { id } = await post('/v1/orders', customers[customer] as string, {
      cafeteriaId: kitchen.cafeteriaId,
      items: kitchen.productIds.map((productId) => ({ productId, quantity: 1 })),
      pickup: 'asap',
      payment: { method: 'wallet' },
    })
    if (abandoning.signal.aborted) return
    onPlaced({ orderId: id, customer })
    for (const move of ['accept', 'start', 'ready']) {
      await wait(Math.random() * 1000)
      await post(`/v1/orders/${id}/${move}`, kitchen.staffToken)
    }
  }

  async function place(): Promise<void> {
    while (!stopped) {
      const order = one()
        .catch((error: unknown) => {
          if (!abandoning.signal.aborted) throw error
        })
        .finally(() => underWay.delete(order))
      underWay.add(order)
      await wait((1000 / perSecond) * 2 * Math.random())
    }
    await Promise.all(underWay)
  }

  const placing = place()
  return {
    acknowledged,
    failures,
    async stop() {
      stopped = true
      await placing
    },
    abandon() {
      stopped = true
      abandoning.abort()
    },
  }
}
