import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'
import type { ModifierChange } from './modifier-groups.schema.ts'

/**
 * Makes a group have these modifiers, in this order: those with an id are changed in what is given, those without
 * are added, and the others are deleted. One statement each, whatever their number.
 */
export async function replaceModifiers(
  tx: Transaction<Schema>,
  groupId: string,
  modifiers: readonly ModifierChange[],
): Promise<void> {
  const rows = JSON.stringify(
    modifiers.map(({ id, name, priceDeltaCents, available }, position) => ({
      id,
      name,
      price_delta_cents: priceDeltaCents,
      available,
      position,
    })),
  )
  const wanted = sql`jsonb_to_recordset(${rows}::jsonb)
    as w (id uuid, name text, price_delta_cents integer, available boolean, position integer)`
  await sql`
    update modifiers m set deleted_at = now()
    where m.group_id = ${groupId} and m.deleted_at is null
      and not exists (select from ${wanted} where w.id = m.id)`.execute(tx)
  await sql`
    update modifiers m
    set name = w.name, price_delta_cents = coalesce(w.price_delta_cents, m.price_delta_cents),
      available = coalesce(w.available, m.available), position = w.position
    from ${wanted} where m.group_id = ${groupId} and m.id = w.id and m.deleted_at is null`.execute(tx)
  await sql`
    insert into modifiers (group_id, name, price_delta_cents, available, position)
    select ${groupId}, w.name, coalesce(w.price_delta_cents, 0), coalesce(w.available, true), w.position from ${wanted} where w.id is null`.execute(
    tx,
  )
}
