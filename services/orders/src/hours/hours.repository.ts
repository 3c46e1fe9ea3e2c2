import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { selectExceptions } from '../schedule-exceptions/schedule-exceptions.repository.ts'
import type { Hours, WeeklyHours } from './hours.schema.ts'

type HoursKind = 'opening' | 'ordering'
const mostExceptions = 100

function weekOf(db: Kysely<Schema>, kind: HoursKind) {
  return jsonArrayFrom(
    db
      .selectFrom('openingHours as h')
      .select([
        'h.weekday',
        // The seconds are left out, because they are always zero.
        sql<string>`left(h.opens::text, 5)`.as('opens'),
        sql<string>`left(h.closes::text, 5)`.as('closes'),
      ])
      .whereRef('h.cafeteriaId', '=', sql.ref('c.id'))
      .where('h.kind', '=', sql.lit(kind))
      .orderBy('h.weekday')
      .orderBy('h.opens'),
  ).as(kind)
}

export interface TimeBoundHours extends Hours {
  /** The moment from which something of this is not true any more. */
  changesAt: string
}

/** Whether an exception is one of today or later, or one of yesterday whose hours run past midnight and are not over. */
const lasts = sql<boolean>`e.date >= date_at(now(), c.time_zone) - 1 and (e.date >= date_at(now(), c.time_zone)
  or now() < instant_of(local_end(e.date, e.opens, e.closes), c.time_zone))`

/** Finds the hours of a cafeteria, in one statement. Undefined: no such cafeteria. */
export async function findHours(
  db: Kysely<Schema>,
  cafeteriaId: string,
): Promise<TimeBoundHours | undefined> {
  return db
    .selectFrom('cafeterias as c')
    .select([
      'c.id as cafeteriaId',
      'c.timeZone',
      'c.pausedAt',
      sql<boolean>`is_open(c.id, c.time_zone, 'opening', now())`.as('openNow'),
      sql<boolean>`c.paused_at is null and is_open(c.id, c.time_zone, 'ordering', now())`.as('orderingNow'),
      sql<string | null>`next_opening(c.id, now())`.as('nextOpening'),
      sql<string>`next_hours_change(c.id, c.time_zone, now())`.as('changesAt'),
      weekOf(db, 'opening'),
      weekOf(db, 'ordering'),
      jsonArrayFrom(
        selectExceptions(db)
          .whereRef('e.cafeteriaId', '=', sql.ref('c.id'))
          .where(lasts)
          .orderBy('e.date')
          .limit(mostExceptions),
      ).as('exceptions'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}

/** Replaces the hours of the week. */
export async function replaceHours(
  tx: Transaction<Schema>,
  cafeteriaId: string,
  week: Record<HoursKind, readonly WeeklyHours[]>,
): Promise<void> {
  await tx.deleteFrom('openingHours').where('cafeteriaId', '=', cafeteriaId).execute()
  const rows = (['opening', 'ordering'] as const).flatMap((kind) =>
    week[kind].map((hours) => ({ ...hours, kind, cafeteriaId })),
  )
  if (rows.length > 0) await tx.insertInto('openingHours').values(rows).execute()
}
