import type { PaymentStatus, Schema } from '@comanda/database'
import type { StockChange } from '@comanda/events/catalogue'
import type { OrderStatus } from '@comanda/ordering'
import { type Kysely, sql } from 'kysely'
import { asRefusedOrder } from './order-refusals.ts'
import type { Order } from './orders.schema.ts'

export interface NewOrder {
  userId: string
  cafeteriaId: string
  items: { productId: string; quantity: number; modifierIds?: string[]; note?: string }[]
  /** Null chooses the first slot with room. */
  slotId: string | null
  paymentMethod: 'wallet' | 'card'
  /** Null: a card that was not given, which is enough when there is nothing to pay. */
  provider: string | null
  /** The latest time of pick-up; null: with `slotId` null before closing, and otherwise any. */
  latestPickupAt: string | null
  expectedTotalCents: number | null
  /** The quote whose total and promise the order gets; null: none. */
  quoteId: string | null
  idempotencyKey: string | null
  requestHash: Buffer
  requestId: string
}

interface PlacedOrder extends Pick<Order, 'id' | 'version' | 'totalCents' | 'currency'> {
  paymentId: string
  /** `captured` when it is paid, or there was nothing to pay; otherwise the card is still to be authorised. */
  paymentStatus: PaymentStatus
  /** The placed order as the API answers it. */
  json: string
  /** The change of stock, when a product sold out or there is less of it. */
  stockChange: StockChange | null
  replay: null
}

/** What was placed; or `replay` when the key was used before, whose `json`, the answer, is null when the first call never finished. */
export type Placed = PlacedOrder | { replay: { subjectId: string; json: string | null } }

/**
 * Prices, holds, pays (from a wallet) and records an order, all or nothing, in one statement.
 * @throws AppError with the code with which the SQL function place_order refuses it
 */
export async function insertOrder(db: Kysely<Schema>, order: NewOrder): Promise<Placed> {
  try {
    const { rows } = await sql<Placed>`
      select (o).id, (o).version, (o).total_cents, (o).currency, (payment).id as payment_id,
        (payment).status as payment_status, answer::text as json, replay,
        stock_change()
      from place_order(
        ${order.userId}, ${order.cafeteriaId}, ${order.slotId}, ${itemsArgument(order.items)}, ${order.paymentMethod}, ${order.provider},
        ${order.expectedTotalCents}, ${order.idempotencyKey}, ${order.requestHash}, ${order.requestId}, ${order.latestPickupAt}, ${order.quoteId}
      )`.execute(db)
    return rows[0] as Placed
  } catch (error) {
    throw asRefusedOrder(error)
  }
}

/** The lines of an order as SQL functions take them. */
export function itemsArgument(items: NewOrder['items']): string {
  return JSON.stringify(
    items.map(({ productId, quantity, modifierIds = [], note = null }) => ({
      product_id: productId,
      quantity,
      modifier_ids: modifierIds,
      note,
    })),
  )
}

export type MoveOutcome =
  | 'moved'
  | 'unchanged'
  | 'forbidden'
  | 'illegal'
  | 'reason_required'
  | 'wrong_pickup_code'
  | 'version_conflict'

export interface Actor {
  userId: string
  role: 'customer' | 'staff' | 'manager' | 'admin'
  /** The cafeterias where they work. */
  cafeteriaIds: string[]
}

export interface NewMove {
  orderId: string
  to: OrderStatus
  staffFrom: readonly OrderStatus[] | undefined
  customerFrom: readonly OrderStatus[] | undefined
  actor: Actor
  reason: string | null
  requestId: string
  expectedVersion: number | null
  pickupCode: string | null
}

type MovedOrder = Pick<Order, 'id' | 'status' | 'version' | 'userId' | 'cafeteriaId' | 'placedAt' | 'readyAt'>

export type Moved = {
  /** The order as it is now. */
  order: MovedOrder
  /** The change of stock, when a product that was sold out is back or there is more of it. */
  stockChange: StockChange | null
} & (
  | /** `json` is the order as the API answers it. */
  { outcome: 'moved' | 'unchanged'; json: string }
  | { outcome: Exclude<MoveOutcome, 'moved' | 'unchanged'>; json: null }
)

/** Makes one move, with its event, if order and caller allow it, in one statement. Null: no such order for this caller. */
export async function updateOrderStatus(db: Kysely<Schema>, move: NewMove): Promise<Moved | null> {
  const { rows } = await sql<MovedOrder & Omit<Moved, 'order'>>`
    select outcome, (o).id, (o).status, (o).version, (o).user_id, (o).cafeteria_id, (o).placed_at, (o).ready_at,
      answer::text as json, stock_change()
    from move_order(
      ${move.orderId}, ${move.to}, ${move.staffFrom ?? null}::text[], ${move.customerFrom ?? null}::text[],
      ${move.actor.userId}, ${move.actor.role}, ${move.actor.cafeteriaIds}::uuid[],
      ${move.reason}, ${move.requestId}, ${move.expectedVersion}::integer, ${move.pickupCode}
    )`.execute(db)
  const { outcome, json, stockChange, ...order } = rows[0] as (typeof rows)[number]
  return outcome === null ? null : ({ outcome, json, stockChange, order } as Moved)
}
