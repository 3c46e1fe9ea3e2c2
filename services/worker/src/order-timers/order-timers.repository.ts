import type { Schema } from '@comanda/database'
import type { StockChange } from '@comanda/events/catalogue'
import type { OrderStatus } from '@comanda/ordering'
import { type Kysely, sql } from 'kysely'

export interface TimedMove {
  orderId: string
  cafeteriaId: string
  from: OrderStatus
  /** Null when the deadline was put off. */
  to: OrderStatus | null
  stockChange: StockChange | null
  /** Why the order could not be moved; it is tried again in a minute. */
  problem?: string
}

/** Moves on the order whose deadline passed first and that no other worker has locked. Null when none is due. */
export async function runOrderTimer(db: Kysely<Schema>): Promise<TimedMove | null> {
  const { rows } = await sql<{
    moved: Omit<TimedMove, 'stockChange'> | null
    stockChange: TimedMove['stockChange']
  }>`select moved, stock_change() from run_order_timer() moved`.execute(db)
  const row = rows[0]
  return row?.moved ? { ...row.moved, stockChange: row.stockChange } : null
}
