import { chooseSome } from '../choose.ts'
import type { Device, ProfileAnswer } from '../device.ts'
import type { Visitor } from '../world.ts'
import type { Action } from './action.ts'

/** What an order and a move are answered with, as far as profiles read it. */
export interface AnsweredOrder {
  id: string
  version: number
}

/** Asks what up to three products cost and when they would be ready. */
export const quote: Action = (device, visitor) => quoteLines(device, visitor, 3)
/** Asks what up to ten products cost, as somebody does who orders for an office. */
export const quoteForMany: Action = (device, visitor) => quoteLines(device, visitor, 10)

/** Orders up to three products from the wallet, and the kitchen makes them. */
export const placeOrder: Action = (device, visitor) => orderAndServe(device, visitor, 3)
/** Orders up to ten products for an office from the wallet, and the kitchen makes them. */
export const placeOrderForMany: Action = (device, visitor) => orderAndServe(device, visitor, 10)

async function quoteLines(device: Device, visitor: Visitor, lines: number): Promise<void> {
  const { cafeteriaId } = visitor.kitchen
  const body = { cafeteriaId, items: items(device, visitor, lines), pickup: 'asap' }
  await device.send({
    operation: 'quoteOrder',
    method: 'POST',
    path: '/v1/quotes',
    token: visitor.token,
    body,
    expected: [201, declined],
  })
}

async function orderAndServe(device: Device, visitor: Visitor, lines: number): Promise<void> {
  const order = await place(device, visitor, lines)
  if (order === null) return
  for (const move of ['accept', 'start', 'ready'] as const)
    if ((await moveOrder(device, visitor, order.id, move)) === null) return
}

/** Places an order. @returns null when it was declined or failed, which is counted */
export async function place(device: Device, visitor: Visitor, lines: number): Promise<AnsweredOrder | null> {
  const { token, customer, kitchen } = visitor
  const answer = await device.send({
    operation: 'placeOrder',
    method: 'POST',
    path: '/v1/orders',
    token,
    headers: { 'idempotency-key': device.newKey() },
    body: {
      cafeteriaId: kitchen.cafeteriaId,
      items: items(device, visitor, lines),
      pickup: 'asap',
      payment: { method: 'wallet' },
    },
    expected: [201, declined],
  })
  if (answer.status === declined) device.count('orders_declined')
  if (answer.status !== 201) return null
  device.count('orders_placed')
  return acknowledged(device, answer, customer)
}

/** Has the kitchen move an order. @returns null when nobody of the kitchen takes part, or the move failed */
export async function moveOrder(
  device: Device,
  { kitchen, customer }: Visitor,
  orderId: string,
  move: 'accept' | 'start' | 'ready',
): Promise<AnsweredOrder | null> {
  if (kitchen.staffToken === null) return null
  const answer = await device.send({
    operation: `${move}Order`,
    method: 'POST',
    path: `/v1/orders/${orderId}/${move}`,
    token: kitchen.staffToken,
    expected: [200],
  })
  return answer.status === 200 ? acknowledged(device, answer, customer) : null
}

function acknowledged(device: Device, { body }: ProfileAnswer, customer: number): AnsweredOrder {
  const { id, version } = body as AnsweredOrder
  device.onAcknowledged?.({ id, version, customer })
  return { id, version }
}

/** The kitchen is closed or has no room, or something is sold out: a rule of the cafeteria, and no fault of the fleet. */
const declined = 409

function items(
  device: Device,
  { kitchen }: Visitor,
  lines: number,
): { productId: string; quantity: number }[] {
  return chooseSome(kitchen.productIds, lines, device.random).map((productId) => ({ productId, quantity: 1 }))
}
