import type { Schema } from '@comanda/database'
import { hoursFromNoon, zoneAtNoon } from '@comanda/service/testing'
import { type Kysely, sql } from 'kysely'
import { addCafeteria, addProduct } from '../builders.ts'

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)

/** The local time where it is noon, so many minutes from now, as in `12:34`. */
export function localTime(minutes: number): string {
  const noon = inMinutes(minutes - 60 * hoursFromNoon)
  return noon.toISOString().slice(11, 16)
}

/** Opens a cafeteria on every day between these minutes from now, where it is noon, with a product that takes 20 minutes. */
export async function openAtNoon(
  db: Kysely<Schema>,
  hours: [opens: number, closes: number][],
  { slotMinutes = 5, makeSeconds = 1200 } = {},
) {
  const cafeteria = await addCafeteria(db, { slotDays: null, timeZone: zoneAtNoon, slotMinutes })
  const cafeteriaId = cafeteria.id
  await db
    .deleteFrom('openingHours')
    .where('cafeteriaId', '=', cafeteriaId)
    .where('kind', '=', 'opening')
    .execute()
  const rows = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    hours.map(([opens, closes]) => ({
      cafeteriaId,
      kind: 'opening' as const,
      weekday,
      opens: localTime(opens),
      closes: localTime(closes),
    })),
  )
  await db.insertInto('openingHours').values(rows).execute()
  await sql`select refresh_slots(${cafeteriaId}, 2)`.execute(db)
  const product = await addProduct(db, { cafeteriaId, makeSeconds })
  const serve = async (starts: number, ends: number) => {
    const { id } = await db
      .insertInto('mealtimes')
      .values({ cafeteriaId, name: 'Lunch', starts: localTime(starts), ends: localTime(ends) })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.updateTable('products').set({ mealtimeId: id }).where('id', '=', product.id).execute()
  }
  return {
    cafeteriaId,
    product,
    /** Serves the product only between these minutes from now. */
    serve,
    /** The slot that begins first after so many minutes. */
    slotAfter: (minutes: number) =>
      db
        .selectFrom('pickupSlots')
        .selectAll()
        .where('cafeteriaId', '=', cafeteriaId)
        .where('startsAt', '>', inMinutes(minutes).toISOString())
        .orderBy('startsAt')
        .executeTakeFirstOrThrow(),
    order: { cafeteriaId, items: [{ productId: product.id, quantity: 1 }] },
  }
}
