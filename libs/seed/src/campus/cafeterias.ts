import type { Schema } from '@comanda/database'
import { type Insertable, type Kysely, sql } from 'kysely'
import { stableId } from '../stable-id.ts'
import { diningHall } from './dining-hall.ts'
import { library } from './library.ts'
import { insertMenu } from './menu.repository.ts'
import type { CafeteriaSeed, WeeklyHoursSeed } from './menu.ts'
import { terrace } from './terrace.ts'

export const timeZone = 'America/Mexico_City'
export const currency = 'MXN'

/** The cafeterias in the order of lists: the one that is always open comes first. */
const seeds = [library, diningHall, terrace]
/** The ids of the seeded cafeterias, in the order of lists. */
export const cafeteriaIds = seeds.map((_, index) => stableId('cafeteria', index + 1))

/** Inserts the cafeterias that are missing, each with its hours and menu. Returns how many it inserted. */
export async function insertCafeterias(db: Kysely<Schema>): Promise<number> {
  let inserted = 0
  for (const [index, seed] of seeds.entries()) {
    const id = stableId('cafeteria', index + 1)
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('cafeterias')
      .values({
        id,
        slug: seed.slug,
        name: seed.name,
        description: seed.description,
        location: seed.location,
        timeZone,
        currency,
        cooks: seed.cooks,
        slotMinutes: seed.slotMinutes,
        slotCapacityOrders: seed.slotCapacityOrders,
        slotCapacityMakeSeconds: seed.slotCapacityMakeSeconds,
        createdAt: `2024-06-10T08:0${index}:00-06:00`,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    // People may have edited a cafeteria that exists, so nothing of it is touched.
    if (numInsertedOrUpdatedRows === 0n) continue
    await insertHours(db, id, seed)
    await insertMenu(db, id, index + 1, seed)
    inserted += 1
  }
  return inserted
}

async function insertHours(db: Kysely<Schema>, cafeteriaId: string, { hours }: CafeteriaSeed): Promise<void> {
  const rows = (['opening', 'ordering'] as const).flatMap((kind) =>
    week(hours[kind]).map((day) => ({ cafeteriaId, kind, ...day })),
  )
  await db.insertInto('openingHours').values(rows).execute()
}

function week(hours: WeeklyHoursSeed): Omit<Insertable<Schema['openingHours']>, 'cafeteriaId' | 'kind'>[] {
  const { weekdays, saturday, sunday } = hours
  const days = [weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday]
  return days.flatMap((day, index) => (day ? [{ weekday: index + 1, opens: day[0], closes: day[1] }] : []))
}

/** Closes the dining hall on the next Christmas Day, so that there is a dated exception to see. */
export async function insertException(db: Kysely<Schema>): Promise<void> {
  await sql`
    insert into schedule_exceptions (cafeteria_id, date, reason)
    select ${cafeteriaIds[1]}::uuid, min(christmas), 'Navidad'
    from (select (now() at time zone ${timeZone})::date as today) t,
      lateral (select make_date(extract(year from today)::integer + n, 12, 25) as christmas from generate_series(0, 1) n) c
    where christmas >= today
    on conflict (cafeteria_id, date) do nothing`.execute(db)
}
