import { randomUUID } from 'node:crypto'
import type { Bench } from '../bench-stack.ts'

const atOnce = 8

/**
 * Has every customer place orders. @throws with the answer when one is refused
 */
export async function placeEach({ campus, orders }: Bench, count: number): Promise<void> {
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
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
}
