import type { Role } from '@comanda/access'
import type { Schema } from '@comanda/database'
import type { PaymentDocument } from '@comanda/payments'
import { type Kysely, sql } from 'kysely'
import { asRefusedOrder } from '../orders/order-refusals.ts'
import type { Order } from '../orders/orders.schema.ts'
import type { Refund } from './payments.schema.ts'

/** Who asks, and how a repetition of the call is known. */
export interface Asked {
  idempotencyKey: string | null
  requestHash: Buffer
  requestId: string
}

/** What the first call with the same key led to. `answer` is null when it never finished. */
export interface Replay<Answer> {
  subjectId: string
  answer: Answer | null
}

export type StartedPayment =
  | { order: Order; paymentId: string; replay?: undefined }
  | { order?: undefined; replay: Replay<Order> }

/**
 * Opens another attempt to pay an order; with `wallet` as the provider it is paid and placed in the same statement.
 * @throws AppError with the code of what refused it; see start_payment in the migrations
 */
export async function insertPayment(
  db: Kysely<Schema>,
  { userId, orderId, provider }: { userId: string; orderId: string; provider: string },
  asked: Asked,
): Promise<StartedPayment> {
  try {
    const { rows } = await sql<{ started: StartedPayment }>`select start_payment(
      ${userId}, ${orderId}, ${provider}, ${asked.idempotencyKey}, ${asked.requestHash}, ${asked.requestId}
    ) as started`.execute(db)
    return (rows[0] as { started: StartedPayment }).started
  } catch (error) {
    throw asRefusedOrder(error)
  }
}

/** The attempts to pay an order, newest first; none when the caller may not see it. `cafeteriaIds` null: sees all. */
export async function listOrderPayments(
  db: Kysely<Schema>,
  orderId: string,
  { userId, cafeteriaIds }: { userId: string; cafeteriaIds: readonly string[] | null },
): Promise<PaymentDocument[]> {
  const { rows } = await sql<{ payment: PaymentDocument }>`
    select payment_document(p) as payment
    from payments p join orders o on o.id = p.order_id
    where p.order_id = ${orderId}
      and (o.user_id = ${userId} or ${cafeteriaIds}::uuid[] is null or o.cafeteria_id = any (${cafeteriaIds}::uuid[]))
    order by p.created_at desc, p.id desc limit 100`.execute(db)
  return rows.map(({ payment }) => payment)
}

/**
 * Refunds a payment, to a wallet at once; to a card the worker sees to it.
 * @throws AppError with the code of what refused it; see request_refund in the migrations
 */
export async function insertRefund(
  db: Kysely<Schema>,
  refund: {
    actorId: string
    actorRole: Role
    /** Where the actor may refund; null: everywhere. */
    cafeteriaIds: readonly string[] | null
    paymentId: string
    /** Null: all that is left. */
    amountCents: number | null
    reason: string
  },
  asked: Asked,
): Promise<{ refund: Refund; replay?: undefined } | { refund?: undefined; replay: Replay<Refund> }> {
  type Requested = Awaited<ReturnType<typeof insertRefund>>
  try {
    const { rows } = await sql<{ requested: Requested }>`select request_refund(
      ${refund.actorId}, ${refund.actorRole}, ${refund.cafeteriaIds}::uuid[], ${refund.paymentId}, ${refund.amountCents},
      ${refund.reason}, ${asked.idempotencyKey}, ${asked.requestHash}, ${asked.requestId}
    ) as requested`.execute(db)
    return (rows[0] as { requested: Requested }).requested
  } catch (error) {
    throw asRefusedOrder(error)
  }
}
