import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import { insertEvents } from './events.ts'
import { insertLines, pickLines } from './lines.ts'
import { insertMoney } from './money.ts'
import { giveNumbersAndCodes } from './numbers-and-codes.ts'
import { insertOrders, takePlaces } from './orders.ts'
import { pickRequests } from './requests.ts'
import { runTimelines } from './timelines.ts'

export interface Batch {
  /** The numbers of its orders, both included. */
  first: number
  last: number
  /** When everything that is over has ended; ISO 8601. */
  until: string
}

/** How many orders of the history there are: all those of its customers, which nobody can sign in as. */
export async function countHistoryOrders(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from orders join users on users.id = orders.user_id
    where users.email like 'historia-%@comanda.test'`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Gives the transaction unlimited time and 128 MB to sort and join in memory, and turns JIT off, which took longer to compile
 * than it saved.
 */
export async function allowLongStatements(tx: Transaction<Schema>): Promise<void> {
  await sql`select set_config('statement_timeout', '0', true), set_config('work_mem', '128MB', true),
    set_config('jit', 'off', true)`.execute(tx)
}

/** Makes the orders of a batch: decided step by step in temporary tables, then inserted table by table. */
export async function insertBatch(tx: Transaction<Schema>, batch: Batch): Promise<void> {
  await allowLongStatements(tx)
  await pickRequests(tx, batch)
  await pickLines(tx)
  await runTimelines(tx, batch)
  await giveNumbersAndCodes(tx)

  await takePlaces(tx)
  await insertLines(tx)
  await insertOrders(tx)
  await insertMoney(tx)
  await insertEvents(tx)
}
