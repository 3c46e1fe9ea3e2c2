import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Makes the slots of the coming week agree with the hours and the length of a slot. */
export async function refreshSlots(tx: Transaction<Schema>, cafeteriaId: string): Promise<void> {
  await sql`select refresh_slots(${cafeteriaId})`.execute(tx)
}

/** Gives the slots to come in which nothing is reserved the capacity that the cafeteria has now. */
export async function resizeSlots(tx: Transaction<Schema>, cafeteriaId: string): Promise<void> {
  await sql`
    update pickup_slots s
    set capacity_orders = c.slot_capacity_orders, capacity_make_seconds = c.slot_capacity_make_seconds
    from cafeterias c
    where c.id = ${cafeteriaId} and s.cafeteria_id = c.id and s.starts_at > now()
      and s.reserved_orders = 0 and s.reserved_make_seconds = 0`.execute(tx)
}
