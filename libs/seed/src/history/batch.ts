import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import { insertEvents } from './events.ts'
import { insertLines, pickLines } from './lines.ts'
import { insertMoney, settleWallets } from './money.ts'
import { giveNumbers } from './numbers.ts'
import { insertOrders } from './orders.ts'
import { pickRequests } from './requests.ts'
import { takePlaces } from './slots.ts'
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
 * than it saved. Of its temporary tables, a tenth of the usual sample is enough.
 */
export async function allowLongStatements(tx: Transaction<Schema>): Promise<void> {
  await sql`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('work_mem', '128MB', true),
    set_config('jit', 'off', true), set_config('default_statistics_target', '10', true)`.execute(tx)
}

/** Decides everything about the orders of a batch in temporary tables, and inserts what no other batch touches. */
export async function beginBatch(tx: Transaction<Schema>, batch: Batch): Promise<void> {
  await allowLongStatements(tx)
  await pickRequests(tx, batch)
  await pickLines(tx)
  await runTimelines(tx, batch)

  await insertLines(tx)
  await insertMoney(tx)
  await insertEvents(tx)
}

/** Inserts the orders of a batch and changes what batches share, so the batch before it must have been committed. */
export async function endBatch(tx: Transaction<Schema>): Promise<void> {
  await giveNumbers(tx)
  await insertOrders(tx)
  await takePlaces(tx)
  await settleWallets(tx)
}
