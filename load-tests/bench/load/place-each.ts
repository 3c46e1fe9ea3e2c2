import { randomUUID } from 'node:crypto'
import type { Bench } from '../bench-stack.ts'
import type { BenchCampus } from '../campus.ts'

const atOnce = 8

export type PlacedOrder = BenchCampus['orders'][number] & { id: string }

/**
 * Has every customer place orders, and returns them by id with what was asked for. @throws with the answer when one is refused
 */
export async function placeEach({ campus, orders }: Bench, count: number): Promise<PlacedOrder[]> {
  const placed: PlacedOrder[] = []
  const waiting = campus.orders.flatMap((order) => Array.from({ length: count }, () => order))
  async function some(): Promise<void> {
    for (let order = waiting.pop(); order; order = waiting.pop()) {
      const response = await fetch(orders.url + order.path, {
        method: order.method,
        headers: {
          authorization: `Bearer ${order.token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(order.body),
      })
      const text = await response.text()
      if (response.status !== 201) throw new Error(`an order was refused: ${text}`)
      placed.push({ ...order, id: (JSON.parse(text) as { id: string }).id })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  return placed
}
