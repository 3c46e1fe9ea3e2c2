import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Makes the slots to come agree with the hours and with the cafeteria's length and capacity of a slot. */
export async function refreshSlots(tx: Transaction<Schema>, cafeteriaId: string): Promise<void> {
  await sql`select refresh_slots(${cafeteriaId})`.execute(tx)
}
