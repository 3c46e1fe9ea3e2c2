import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { MoveName } from '@comanda/ordering'
import type { Kitchen } from '../campus.ts'

export interface OrdersPlan {
  /** Where the orders service answers. */
  url: string
  /** Tokens. */
  customers: string[]
  kitchens: Kitchen[]
  perSecond: number
  seconds: number
  /** What is done to each order after it was placed, as soon as the answer is there. */
  moves: MoveName[]
}

export interface OrdersReport {
  placed: number
  moved: number
  refused: number
  firstRefusal: string | null
  /** Most orders that were waited for at once. */
  behind: number
}

/** Places and moves orders from a process of its own, at a steady rate. */
export async function placeOrders(plan: OrdersPlan): Promise<OrdersReport> {
  const child = fork(join(import.meta.dirname, 'orders.process.ts'), { serialization: 'advanced' })
  child.send(plan)
  const [report] = (await once(child, 'message')) as [OrdersReport]
  child.kill()
  return report
}
