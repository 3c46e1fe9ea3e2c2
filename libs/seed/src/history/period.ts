import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { allowLongStatements } from './batch.ts'
import { insertBatches } from './batches.ts'
import { insertHistoryCustomers } from './customers.ts'
import { restoreIndexes, withoutIndexes } from './indexes.ts'
import { drop, type Plan, prepare } from './plan.ts'
import { insertSlots, makeRoom } from './slots.ts'

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

/**
 * Makes the orders of a period that are missing. Temporary tables belong to a connection: all but the smallest periods are made on
 * `connection` and another one of `db`, two batches at a time.
 */
export async function insertPeriod(
  connection: Kysely<Schema>,
  db: Kysely<Schema>,
  period: Period,
): Promise<void> {
  const { orders, seed, known, manyOrders, batchSize } = period
  await insertHistoryCustomers(connection, seed)
  await prepareOn(connection, period)
  await insertSlots(connection)
  const insert = () =>
    orders - known <= batchSize
      ? insertBatches([connection], period)
      : db.connection().execute(async (other) => {
          await prepareOn(other, period)
          await insertBatches([connection, other], period)
          await drop(other)
        })
  if (orders - known >= manyOrders) await withoutIndexes(connection, insert)
  else {
    // A run that was killed may have left some out.
    await restoreIndexes(connection)
    await insert()
  }
  await drop(connection)
  await makeRoom(connection)
  await sql`analyze users, accounts, pickup_slots, orders, order_items, events, payments, refunds, entries`.execute(
    connection,
  )
}

async function prepareOn(connection: Kysely<Schema>, period: Period): Promise<void> {
  await connection.transaction().execute(async (tx) => {
    await allowLongStatements(tx)
    await prepare(tx, period)
  })
}
