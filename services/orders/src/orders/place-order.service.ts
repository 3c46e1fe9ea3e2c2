import type { Caller } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import { requestHash } from '../idempotency/request-hash.ts'
import type { AuthorizeOrder } from './authorize-order.ts'
import { findOrder } from './list-orders.repository.ts'
import type { OrderChanges } from './order-changes.ts'
import type { OrderMetrics } from './order-metrics.ts'
import type { OrderAnswer } from './order-payload.ts'
import { orderErrors } from './orders.errors.ts'
import { insertOrder } from './orders.repository.ts'
import { type Order, orderFields } from './orders.schema.ts'
import { paidAnswer } from './payment-outcome.ts'
import type { NewOrder } from './place-order.schema.ts'

export interface PlaceOrderDependencies {
  database: Database
  metrics: OrderMetrics
  changes: CatalogueChanges
  orderChanges: OrderChanges
  cardProvider: string
  authorizeOrder: AuthorizeOrder
}

/**
 * Places an order. A wallet pays within the placing statement; a card is authorised after it, outside any transaction.
 * While the provider has not decided, the order stays `pending_payment`.
 * @throws AppError `payment_declined` (402), `payment_provider_unavailable` (503): the order waits for another attempt to pay, and
 * holds nothing until then
 */
export async function placeOrder(
  { database, metrics, changes, orderChanges, cardProvider, authorizeOrder }: PlaceOrderDependencies,
  caller: Caller,
  body: NewOrder,
  { idempotencyKey, requestId }: { idempotencyKey: string | null; requestId: string },
): Promise<OrderAnswer> {
  const { method, token } = body.payment
  const placed = await insertOrder(database.primary, {
    userId: caller.userId,
    cafeteriaId: body.cafeteriaId,
    items: body.items,
    slotId: body.slotId ?? null,
    paymentMethod: method,
    provider: method === 'wallet' ? 'wallet' : token === undefined ? null : cardProvider,
    latestPickupAt: body.latestPickupAt ?? null,
    expectedTotalCents: body.expectedTotalCents ?? null,
    quoteId: body.quoteId ?? null,
    idempotencyKey,
    requestHash: requestHash(body),
    requestId,
  })

  if (placed.replay) {
    const { json, subjectId } = placed.replay
    return paidAnswer(json ?? (await getPlacedOrder(database, subjectId, caller)))
  }

  metrics.created({ paymentMethod: method })
  await Promise.all([
    orderChanges.changed(caller.userId),
    changes.stockChanged(body.cafeteriaId, placed.stockChange),
  ])
  const { id, version, json, paymentId, paymentStatus, totalCents: amountCents, currency } = placed
  if (token === undefined || paymentStatus === 'captured') return { order: { id, version }, json }
  const card = { paymentId, amountCents, currency, token }
  return paidAnswer(await authorizeOrder({ ...card, idempotencyKey, requestId }))
}

async function getPlacedOrder(database: Database, id: string, { userId }: Caller): Promise<Order> {
  const order = await database.read('primary', (db) =>
    findOrder(db, id, { scopes: [{ userId }], readerId: userId }, orderFields),
  )
  if (!order) throw orderErrors.order_not_found()
  return order
}
