import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { countHistoryOrders } from './history/batch.ts'
import { restoreIndexes } from './history/indexes.ts'
import { insertPeriod } from './history/period.ts'
import { makeRoom } from './history/slots.ts'

export interface HistoryOptions {
  /** How many orders there shall be, 1 to 10 million. */
  orders: number
  /** Chooses the history: another number makes another one. 1 when left out. */
  seed?: number
  /** The beginning of what is filled, in ISO 8601; a year before `until` when left out. */
  since?: string
  /** The end of what is filled, in ISO 8601; now when left out. */
  until?: string
  /** How many of the last orders are still being served; a twentieth, at most 48, when left out. The others are over. */
  live?: number
  /** Orders per transaction; 20,000 when left out. */
  batchSize?: number
  /** From how many new orders on the indexes that only serve reading are made when all orders are there; 100,000 when left out. */
  manyOrders?: number
  /** Called after each transaction with how many orders there are. */
  onProgress?: (orders: number) => void
  /** The value of NODE_ENV. */
  environment?: string | undefined
}

const yearMilliseconds = 365 * 86_400_000
/** The numbers of the orders of seedLaterHistory, above all others. */
const firstLaterNumber = 1_000_000_001

/**
 * Makes up a year of orders of the seeded campus: busiest at lunch, in every state, with their lines, events, payments and
 * ledger entries, so that the books balance. The n-th order is a function of `n`, `orders`, `seed`, `since` and `until` alone.
 *
 * Orders are keyed by their number: a run that was interrupted is resumed, a second run with the same `orders` adds
 * nothing, one with more adds the difference. Stock is left alone; places in upcoming slots are taken. While many are added, lists of
 * orders are slow, and nothing can be ordered while their indexes are made. It takes two connections of the pool.
 * @returns how many orders were added
 * @throws Error in production, and when the campus is missing
 */
export async function seedHistory(db: Kysely<Schema>, options: HistoryOptions): Promise<{ orders: number }> {
  return seeding(db, options, async (connection) => {
    const known = await countHistoryOrders(connection)
    if (known >= options.orders) {
      // A run that was killed had perhaps added all orders, and nothing more.
      await restoreIndexes(connection)
      await makeRoom(connection)
      return { orders: 0 }
    }
    await insertPeriod(connection, db, { ...periodOf(options), firstNumber: 1, known })
    return { orders: options.orders - known }
  })
}

/**
 * Makes up the orders that come after a history whose `until` is this one's `since`. They are the same whatever came before: their
 * numbers, on which everything of an order depends, do not follow those of the history. It is called once.
 * @throws Error in production, and when the campus is missing
 */
export async function seedLaterHistory(
  db: Kysely<Schema>,
  options: HistoryOptions & { since: string },
): Promise<void> {
  await seeding(db, options, (connection) =>
    insertPeriod(connection, db, { ...periodOf(options), firstNumber: firstLaterNumber, known: 0 }),
  )
}

function periodOf(options: HistoryOptions) {
  const { orders, seed = 1, batchSize = 20_000, manyOrders = 100_000, onProgress = () => {} } = options
  const until = options.until ?? new Date().toISOString()
  const since = options.since ?? new Date(Date.parse(until) - yearMilliseconds).toISOString()
  const live = options.live ?? Math.min(48, Math.floor(orders / 20))
  return { orders, live, seed, since, until, batchSize, manyOrders, onProgress }
}

/** Runs one seed at a time, outside of production, on a connection that holds a lock. */
async function seeding<T>(
  db: Kysely<Schema>,
  { environment }: HistoryOptions,
  work: (connection: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (environment === 'production') {
    throw new Error('A history is made-up orders and made-up money: production does not get one.')
  }
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtext('comanda seed'))`.execute(connection)
    try {
      return await work(connection)
    } finally {
      await sql`select pg_advisory_unlock(hashtext('comanda seed'))`.execute(connection)
    }
  })
}
