import type { Caller } from '@comanda/access'
import type { Database, ReadOptions, Schema } from '@comanda/database'
import type { PaymentDocument } from '@comanda/payments'
import type { Kysely } from 'kysely'
import { ownNeed } from '../consistency/consistency.schema.ts'
import { requestHash } from '../idempotency/request-hash.ts'
import { readWholeListBy, type WholePage } from '../lists/list-source.ts'
import { findOrder } from '../orders/list-orders.repository.ts'
import type { OrderAnswer } from '../orders/order-payload.ts'
import { orderErrors } from '../orders/orders.errors.ts'
import { type Order, orderFields } from '../orders/orders.schema.ts'
import { paidAnswer } from '../orders/payment-outcome.ts'
import type { CallOrigin, CardPayments } from './card-payments.ts'
import { paymentErrors } from './payments.errors.ts'
import {
  countOrderPayments,
  insertPayment,
  insertRefund,
  listOrderPayments,
  type Replay,
} from './payments.repository.ts'
import {
  type ListPayments,
  type PayOrder,
  paymentFields,
  type Refund,
  type RequestRefund,
} from './payments.schema.ts'

export interface PaymentsDependencies {
  database: Database
  cards: CardPayments
}

/**
 * Tries to pay an order that waits for payment, by wallet or card, whatever was tried before.
 * @throws AppError order_not_found, order_already_paid, order_not_payable, payment_in_progress, insufficient_balance,
 * payment_declined, payment_provider_unavailable; product_unavailable, slot_closed, slot_full: what it held is gone
 */
export async function payOrder(
  { database, cards }: PaymentsDependencies,
  caller: Caller,
  orderId: string,
  body: PayOrder,
  origin: CallOrigin,
): Promise<OrderAnswer> {
  const { userId } = caller
  const provider = body.method === 'wallet' ? 'wallet' : cards.provider
  const started = await insertPayment(
    database.primary,
    { userId, orderId, provider },
    { ...origin, requestHash: requestHash(orderId, body) },
  )

  if (started.replay) return paidAnswer(await answerOf(database, started.replay, caller))
  const { json, paymentId, amountCents, currency, cafeteriaId, stockChange } = started
  const order = { userId, cafeteriaId, stockChange }
  if (json === null) {
    await cards.moved(order)
    const card = { paymentId, amountCents, currency, token: body.token as string }
    return paidAnswer(await cards.authorizeOrder({ ...card, ...origin }))
  }
  await cards.count('wallet', 'authorized', order)
  return paidAnswer(json)
}

async function answerOf(
  database: Database,
  replay: Replay<Order>,
  { userId }: Caller,
): Promise<Order | string> {
  const order =
    replay.json ??
    (await database.read('primary', (db) =>
      findOrder(db, replay.subjectId, { scopes: [{ userId }], readerId: userId }, orderFields),
    ))
  if (!order) throw orderErrors.order_not_found()
  return order
}

/** The cafeterias where the caller may see and refund payments; null: everywhere. */
function workplaces(caller: Caller): string[] | null {
  return caller.role === 'admin' ? null : Object.keys(caller.memberships)
}

/**
 * Lists the attempts to pay an order, newest first.
 * @throws AppError invalid_cursor; order_not_found, also for an order that the caller may not see
 */
export async function listPayments(
  { database }: PaymentsDependencies,
  caller: Caller,
  { orderId, ...request }: ListPayments & { orderId: string },
  options: ReadOptions,
): Promise<WholePage<PaymentDocument>> {
  const scope = { userId: caller.userId, cafeteriaIds: workplaces(caller) }
  const find = async (db: Kysely<Schema>) => {
    const page = await readWholeListBy((query) => query(db), request, {
      fields: paymentFields,
      sortedBy: ['createdAt', 'id'],
      keyTypes: ['timestamp', 'uuid'],
      list: (db, _fields, slice) => listOrderPayments(db, orderId, scope, slice),
      count: (db) => countOrderPayments(db, orderId, scope),
    })
    // Every order has at least one payment, so no payments at all means no such order.
    const total =
      page.pagination?.total ?? (page.data.length || (await countOrderPayments(db, orderId, scope)))
    return total > 0 ? page : undefined
  }
  const payments = await database.find(ownNeed(options), find, options)
  if (!payments) throw orderErrors.order_not_found()
  return payments
}

/**
 * Refunds a captured payment, by amount, by line or whole, for callers who work at the order's cafeteria.
 * @throws AppError payment_not_found, payment_not_refundable, refund_exceeds_payment, refund_exceeds_line,
 * refund_amounts_to_nothing, order_item_unknown, refund_ambiguous
 */
export async function refundPayment(
  { database }: PaymentsDependencies,
  caller: Caller,
  paymentId: string,
  { amountCents, items, reason }: RequestRefund,
  origin: CallOrigin,
): Promise<Refund> {
  if (amountCents !== undefined && items !== undefined) {
    const errors = [{ field: 'items', message: 'must not be given together with amountCents' }]
    throw paymentErrors.refund_ambiguous(undefined, { extra: { errors } })
  }
  const { refund, replay } = await insertRefund(
    database.primary,
    {
      actorId: caller.userId,
      actorRole: caller.role,
      cafeteriaIds: workplaces(caller),
      paymentId,
      amountCents: amountCents ?? null,
      items: items ?? null,
      reason,
    },
    { ...origin, requestHash: requestHash(paymentId, amountCents ?? null, items ?? null, reason) },
  )
  // A refund is recorded together with its answer, so a repeated key always has one.
  return (refund ?? replay?.answer) as Refund
}
