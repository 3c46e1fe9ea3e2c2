import type { MoveName, OrderStatus } from '@comanda/ordering'
import type { CampusApp } from './campus-app.ts'

/** Inserts an order in a status without the API; its version is 1. */
export async function orderIn(campus: CampusApp, status: OrderStatus) {
  const { body } = await campus.place()
  const now = new Date().toISOString()
  await campus.database.primary
    .updateTable('orders')
    .set({ status, readyAt: status === 'ready' ? now : null })
    .where('id', '=', body.id)
    .execute()
  return body as { id: string; pickupCode: string }
}

/** The body that a move needs, if any. */
export const bodyOf = (move: MoveName, pickupCode: string): object | undefined =>
  move === 'collect'
    ? { pickupCode }
    : move === 'reject' || move === 'cancel'
      ? { reason: 'because' }
      : undefined
