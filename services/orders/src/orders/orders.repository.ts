import type { Schema } from '@comanda/database'
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
  provider: string
  expectedTotalCents: number | null
  idempotencyKey: string | null
  requestHash: Buffer
  requestId: string
}

export type Placed = (
  | /** The placed order as the API answers it, in JSON. */
  { json: string; replay?: undefined }
  /** The key was used before. `answer` is null when the first call never finished. */
  | { json?: undefined; replay: { subjectId: string; answer: Order | null } }
) & {
  /** The change of stock, when a product sold out or there is less of it. */
  stockChange: StockChange | null
}

/**
 * Prices, holds, pays (from a wallet) and records an order, all or nothing, in one statement.
 * @throws AppError with the code with which the SQL function place_order refuses it
 */
export async function insertOrder(db: Kysely<Schema>, order: NewOrder): Promise<Placed> {
  const items = order.items.map(({ productId, quantity, modifierIds = [], note = null }) => ({
    product_id: productId,
    quantity,
    modifier_ids: modifierIds,
    note,
  }))
  try {
    const { rows } = await sql<Placed>`
      select answer::text as json, replay, stock_change() from place_order(
        ${order.userId}, ${order.cafeteriaId}, ${order.slotId}, ${JSON.stringify(items)}, ${order.paymentMethod}, ${order.provider},
        ${order.expectedTotalCents}, ${order.idempotencyKey}, ${order.requestHash}, ${order.requestId}
      )`.execute(db)
    return rows[0] as Placed
  } catch (error) {
    throw asRefusedOrder(error)
  }
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

export interface Moved {
  outcome: MoveOutcome
  order: Order
  /** The change of stock, when a product that was sold out is back or there is more of it. */
  stockChange: StockChange | null
}

/** Makes one move, with its event, if order and caller allow it, in one statement. Null: no such order for this caller. */
export async function updateOrderStatus(db: Kysely<Schema>, move: NewMove): Promise<Moved | null> {
  const { rows } = await sql<{ moved: Omit<Moved, 'stockChange'> | null; stockChange: Moved['stockChange'] }>`
    select moved, stock_change() from move_order(
      ${move.orderId}, ${move.to}, ${move.staffFrom ?? null}::text[], ${move.customerFrom ?? null}::text[],
      ${move.actor.userId}, ${move.actor.role}, ${move.actor.cafeteriaIds}::uuid[],
      ${move.reason}, ${move.requestId}, ${move.expectedVersion}::integer, ${move.pickupCode}
    ) moved`.execute(db)
  const row = rows[0]
  return row?.moved ? { ...row.moved, stockChange: row.stockChange } : null
}
