import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { allowLongStatements, countHistoryOrders, insertBatch } from './history/batch.ts'
import { insertHistoryCustomers } from './history/customers.ts'
import { drop, prepare } from './history/plan.ts'

export interface HistoryOptions {
  /** How many orders there shall be, 1 to 10 million. */
  orders: number
  /** Chooses the history: another number makes another one. 1 when left out. */
  seed?: number
  /** The end of the year that is filled, in ISO 8601; now when left out. */
  until?: string
  /** Orders per transaction; 20,000 when left out. */
  batchSize?: number
  /** Called after each transaction with how many orders there are. */
  onProgress?: (orders: number) => void
  /** The value of NODE_ENV. */
  environment?: string | undefined
}

/** How many of the last orders are still being served; the others are over. */
function liveOrders(orders: number): number {
  return Math.min(48, Math.floor(orders / 20))
}

/**
 * Makes up a year of orders of the seeded campus: busiest at lunch, in every state, with their lines, events, payments and
 * ledger entries, so that the books balance. The n-th order is a function of `n`, `orders`, `seed` and `until` alone.
 *
 * Orders are keyed by their number: a run that was interrupted is resumed, a second run with the same `orders` adds
 * nothing, one with more adds the difference. Stock is left alone; places in upcoming slots are taken.
 * @returns how many orders were added
 * @throws Error in production, and when the campus is missing
 */
export async function seedHistory(db: Kysely<Schema>, options: HistoryOptions): Promise<{ orders: number }> {
  const { orders, seed = 1, batchSize = 20_000, onProgress = () => {} } = options
  if (options.environment === 'production') {
    throw new Error('A history is made-up orders and made-up money: production does not get one.')
  }
  // Temporary tables belong to a connection.
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtext('comanda seed'))`.execute(connection)
    try {
      const known = await countHistoryOrders(connection)
      if (known >= orders) return { orders: 0 }
      const until = options.until ?? new Date().toISOString()
      await insertHistoryCustomers(connection, seed)
      await connection.transaction().execute(async (tx) => {
        await allowLongStatements(tx)
        await prepare(tx, { orders, live: liveOrders(orders), seed, until })
      })
      for (let first = known + 1; first <= orders; first += batchSize) {
        const last = Math.min(first + batchSize - 1, orders)
        await connection.transaction().execute((tx) => insertBatch(tx, { first, last, until }))
        onProgress(last)
      }
      await drop(connection)
      await sql`analyze users, accounts, pickup_slots, orders, order_items, events, payments, refunds, entries`.execute(
        connection,
      )
      return { orders: orders - known }
    } finally {
      await sql`select pg_advisory_unlock(hashtext('comanda seed'))`.execute(connection)
    }
  })
}
