import type { Bench } from '../bench-stack.ts'
import { type RecordedStatement, recordStatements } from './record-statements.ts'

/** What orders sent to Postgres for one order. */
export interface RecordedPlacing {
  idempotencyKey: string
  statements: RecordedStatement[]
}

const keyOf = (index: number) => `recorded-${index}`

/**
 * Places one order per customer and records the statements that placed them.
 * @throws when an order is refused, or its statement does not show up
 */
export async function recordPlacing({ stack, campus, orders }: Bench): Promise<RecordedPlacing[]> {
  const marks = campus.orders.map((_, index) => [keyOf(index)])
  const units = await recordStatements(stack, marks, async () => {
    for (const [index, { path, token, body }] of campus.orders.entries()) {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': keyOf(index),
      }
      const response = await fetch(orders.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      if (response.status !== 201) throw new Error(`an order was refused: ${await response.text()}`)
    }
  })
  return units.map((statements, index) => ({ idempotencyKey: keyOf(index), statements }))
}
