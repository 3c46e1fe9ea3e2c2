import type { Role } from '@comanda/access'
import type { Schema } from '@comanda/database'
import type { StockChange } from '@comanda/events/catalogue'
import type { PaymentDocument } from '@comanda/payments'
import { type Kysely, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { asRefusedOrder } from '../orders/order-refusals.ts'
import type { Order } from '../orders/orders.schema.ts'
import type { Refund } from './payments.schema.ts'

/** What identifies a call: its request, and the key and the hash of its body by which a repetition is recognised. */
export interface CallIdentity {
  idempotencyKey: string | null
  requestHash: Buffer
  requestId: string
}

/** The result of the first call with the same key. `answer` and `json` are null when that call never finished. */
export interface Replay<Answer> {
  subjectId: string
  answer: Answer | null
  /** The answer in JSON, as it was written. */
  json: string | null
}

interface NewPayment {
  paymentId: string
  /** Minor units of `currency`. */
  amountCents: number
  currency: string
  cafeteriaId: string
  /** What the order took of the stock again. */
  stockChange: StockChange | null
  /** The paid order as the API answers it; null for a card, which is still to be charged. */
  json: string | null
  replay: null
}

export type StartedPayment = NewPayment | { replay: Replay<Order> }

/**
 * Opens another attempt to pay an order; with `wallet` as the provider it is paid and placed in the same statement.
 * @throws AppError with the code with which the SQL function start_payment refuses it
 */
export async function insertPayment(
  db: Kysely<Schema>,
  { userId, orderId, provider }: { userId: string; orderId: string; provider: string },
  call: CallIdentity,
): Promise<StartedPayment> {
  try {
    const { rows } = await sql<StartedPayment>`
      select (payment).id as payment_id, (payment).amount_cents, (payment).currency, (o).cafeteria_id,
        answer::text as json, replay, stock_change()
      from start_payment(
        ${userId}, ${orderId}, ${provider}, ${call.idempotencyKey}, ${call.requestHash}, ${call.requestId}
      )`.execute(db)
    return rows[0] as StartedPayment
  } catch (error) {
    throw asRefusedOrder(error)
  }
}

/** Who asks for payments. With `cafeteriaIds` null they see all, otherwise their own and those of these cafeterias. */
interface PaymentScope {
  userId: string
  cafeteriaIds: readonly string[] | null
}

const ofOrder = (orderId: string, { userId, cafeteriaIds }: PaymentScope) => sql`
  from payments p join orders o on o.id = p.order_id
  where p.order_id = ${orderId}
    and (o.user_id = ${userId} or ${cafeteriaIds}::uuid[] is null or o.cafeteria_id = any (${cafeteriaIds}::uuid[]))`

/** Lists the attempts to pay an order, newest first; none when the caller may not see it. */
export async function listOrderPayments(
  db: Kysely<Schema>,
  orderId: string,
  scope: PaymentScope,
  { limit, after, offset = 0 }: Slice<[createdAt: string, id: string]>,
): Promise<PaymentDocument[]> {
  const later = after ? sql`and (p.created_at, p.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``
  const { rows } = await sql<{ payment: PaymentDocument }>`
    select payment_document(p) as payment ${ofOrder(orderId, scope)} ${later}
    order by p.created_at desc, p.id desc limit ${limit} offset ${offset}`.execute(db)
  return rows.map(({ payment }) => payment)
}

export async function countOrderPayments(
  db: Kysely<Schema>,
  orderId: string,
  scope: PaymentScope,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${ofOrder(orderId, scope)}`.execute(
    db,
  )
  return rows[0]?.total as number
}

/**
 * Refunds a payment: to a wallet at once, to a card through the worker.
 * @throws AppError with the code with which the SQL function request_refund refuses it
 */
export async function insertRefund(
  db: Kysely<Schema>,
  refund: {
    actorId: string
    actorRole: Role
    /** The cafeterias where the actor may refund; null: everywhere. */
    cafeteriaIds: readonly string[] | null
    paymentId: string
    /** Null refunds all that is left. */
    amountCents: number | null
    /** The lines to refund, instead of an amount. */
    items: readonly { itemId: string; quantity: number }[] | null
    reason: string
  },
  call: CallIdentity,
): Promise<{ refund: Refund; replay?: undefined } | { refund?: undefined; replay: Replay<Refund> }> {
  type Requested = Awaited<ReturnType<typeof insertRefund>>
  const items = refund.items?.map(({ itemId, quantity }) => ({ item_id: itemId, quantity }))
  try {
    const { rows } = await sql<{ requested: Requested }>`select request_refund(
      ${refund.actorId}, ${refund.actorRole}, ${refund.cafeteriaIds}::uuid[], ${refund.paymentId}, ${refund.amountCents},
      ${refund.reason}, ${call.idempotencyKey}, ${call.requestHash}, ${call.requestId},
      ${items === undefined ? null : JSON.stringify(items)}
    ) as requested`.execute(db)
    return (rows[0] as { requested: Requested }).requested
  } catch (error) {
    throw asRefusedOrder(error)
  }
}
