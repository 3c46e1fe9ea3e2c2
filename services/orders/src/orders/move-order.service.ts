import type { Caller } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import { legalMoves, type MoveName, moves } from '@comanda/ordering'
import type { OrderChanges } from './order-changes.ts'
import type { OrderMetrics } from './order-metrics.ts'
import type { OrderAnswer } from './order-payload.ts'
import { orderErrors } from './orders.errors.ts'
import { updateOrderStatus } from './orders.repository.ts'

export interface MoveOrderDependencies {
  database: Database
  metrics: OrderMetrics
  changes: CatalogueChanges
  orderChanges: OrderChanges
}

export interface MoveRequest {
  orderId: string
  move: MoveName
  reason?: string | undefined
  pickupCode?: string | undefined
  /** The version that the order must have; null: any. */
  expectedVersion: number | null
  requestId: string
}

/**
 * Makes one move of the state machine, or finds it made already.
 * @throws AppError order_not_found (also for an order that the caller may not see), move_forbidden, illegal_move,
 *   reason_required, wrong_pickup_code, version_mismatch
 */
export async function moveOrder(
  { database, metrics, changes, orderChanges }: MoveOrderDependencies,
  caller: Caller,
  request: MoveRequest,
): Promise<OrderAnswer> {
  const { to, from } = moves[request.move]
  const moved = await updateOrderStatus(database.primary, {
    orderId: request.orderId,
    to,
    staffFrom: from.staff,
    customerFrom: from.customer,
    actor: { userId: caller.userId, role: caller.role, cafeteriaIds: Object.keys(caller.memberships) },
    reason: request.reason ?? null,
    requestId: request.requestId,
    expectedVersion: request.expectedVersion,
    pickupCode: request.pickupCode?.toUpperCase() ?? null,
  })
  if (!moved) throw orderErrors.order_not_found()

  const { outcome, order, json, stockChange } = moved
  switch (outcome) {
    case 'moved':
      metrics.moved(order)
      await Promise.all([
        orderChanges.changed(order.userId),
        changes.stockChanged(order.cafeteriaId, stockChange),
      ])
      return { order, json }
    case 'unchanged':
      return { order, json }
    case 'forbidden':
      throw orderErrors.move_forbidden()
    case 'reason_required':
      throw orderErrors.reason_required()
    case 'wrong_pickup_code':
      throw orderErrors.wrong_pickup_code()
    case 'version_conflict':
      throw orderErrors.version_mismatch(undefined, {
        extra: { version: order.version, orderStatus: order.status },
      })
    case 'illegal': {
      const party = caller.role === 'admin' || caller.memberships[order.cafeteriaId] ? 'staff' : 'customer'
      // The table allows `recall` also after its time is over, so the move that was just refused is left out.
      const legal = legalMoves(order.status, party).filter((name) => name !== request.move)
      throw orderErrors.illegal_move(`An order that is ${order.status} cannot ${request.move}.`, {
        extra: { orderStatus: order.status, legalMoves: legal },
      })
    }
  }
}
