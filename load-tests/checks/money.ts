import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** @throws when the balance of a wallet, a payment or a refund does not follow from its entries */
export async function checkMoney(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql`select * from check_balances()`.execute(db)
  if (rows.length > 0) throw new Error(`the money does not add up: ${JSON.stringify(rows.slice(0, 3))}`)
}
