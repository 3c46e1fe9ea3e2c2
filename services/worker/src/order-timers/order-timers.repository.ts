import type { OrderStatus, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface TimedMove {
  orderId: string
  cafeteriaId: string
  from: OrderStatus
  /** Null: the deadline was put off. */
  to: OrderStatus | null
  /** Why the order could not be moved; it is tried again in a minute. */
  problem?: string
}

/** Moves on the order whose deadline passed first and that no other worker holds. Null: none is due. */
export async function runOrderTimer(db: Kysely<Schema>): Promise<TimedMove | null> {
  const { rows } = await sql<{ moved: TimedMove | null }>`select run_order_timer() as moved`.execute(db)
  return rows[0]?.moved ?? null
}
