import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { allowLongStatements, insertBatch } from './batch.ts'
import { insertHistoryCustomers } from './customers.ts'
import { restoreIndexes, withoutIndexes } from './indexes.ts'
import { drop, type Plan, prepare } from './plan.ts'

export interface Period extends Plan {
  /** How many of its orders are there already: those with the lowest numbers. */
  known: number
  /** From how many new orders on indexes are made afterwards. */
  manyOrders: number
  /** Orders per transaction. */
  batchSize: number
  /** Called after each transaction with how many orders of it there are. */
  onProgress: (orders: number) => void
}

/** Makes the orders of a period that are missing. Temporary tables belong to a connection, so `connection` must be one. */
export async function insertPeriod(connection: Kysely<Schema>, period: Period): Promise<void> {
  const { orders, seed, known, manyOrders } = period
  await insertHistoryCustomers(connection, seed)
  await connection.transaction().execute(async (tx) => {
    await allowLongStatements(tx)
    await prepare(tx, period)
  })
  const insert = () => insertBatches(connection, period)
  if (orders - known >= manyOrders) await withoutIndexes(connection, insert)
  else {
    // A run that was killed may have left some out.
    await restoreIndexes(connection)
    await insert()
  }
  await drop(connection)
  await sql`analyze users, accounts, pickup_slots, orders, order_items, events, payments, refunds, entries`.execute(
    connection,
  )
}

async function insertBatches(connection: Kysely<Schema>, period: Period): Promise<void> {
  const { orders, firstNumber, until, known, batchSize, onProgress } = period
  const end = firstNumber + orders - 1
  for (let first = firstNumber + known; first <= end; first += batchSize) {
    const last = Math.min(first + batchSize - 1, end)
    await connection.transaction().execute((tx) => insertBatch(tx, { first, last, until }))
    onProgress(last - firstNumber + 1)
  }
}
