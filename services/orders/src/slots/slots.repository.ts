import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Editor } from '../audit/editor.ts'
import type { Slot, SlotList, WalkIns } from './slots.schema.ts'

function selectSlots(db: Kysely<Schema>) {
  return db.selectFrom('pickupSlots as s').select([
    's.id',
    's.cafeteriaId',
    's.startsAt',
    's.endsAt',
    's.capacityOrders',
    's.reservedOrders',
    // A capacity can be lowered below what is reserved already.
    sql<number>`greatest(s.capacity_orders - s.reserved_orders, 0)`.as('remainingOrders'),
    sql<number | null>`case when s.capacity_make_seconds is not null
        then greatest(s.capacity_make_seconds - s.reserved_make_seconds, 0) end`.as('remainingMakeSeconds'),
    sql<boolean>`not s.closed and s.ends_at > now() and has_room(s, 0)`.as('available'),
  ])
}

/** Finds the open slots that begin on a local date (null: today), in order, in one statement. Undefined: no such cafeteria. */
export async function findSlotsOfDate(
  db: Kysely<Schema>,
  cafeteriaId: string,
  date: string | null,
): Promise<Omit<SlotList, 'nextCursor'> | undefined> {
  const day = sql<string>`coalesce(${date}::date, date_at(now(), c.time_zone))`
  const start = (daysLater: number) => sql<string>`instant_of(${day} + ${sql.lit(daysLater)}, c.time_zone)`
  return db
    .selectFrom('cafeterias as c')
    .select([
      day.as('date'),
      'c.timeZone',
      jsonArrayFrom(
        selectSlots(db)
          .whereRef('s.cafeteriaId', '=', sql.ref('c.id'))
          .where('s.closed', '=', false)
          .where('s.startsAt', '>=', start(0))
          .where('s.startsAt', '<', start(1))
          .orderBy('s.startsAt'),
      ).as('data'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}

export interface SlotRow extends Slot {
  closed: boolean
}

export async function findSlot(db: Kysely<Schema>, id: string): Promise<SlotRow | undefined> {
  return selectSlots(db)
    .select(sql<boolean>`s.closed or s.ends_at <= now()`.as('closed'))
    .where('s.id', '=', id)
    .executeTakeFirst()
}

/**
 * Reserves room for people at the counter if there is enough, with its audit entry, in one statement, because every order of the slot
 * waits for this row. False: the slot is over, closed or too full.
 */
export async function reserveWalkIns(
  db: Kysely<Schema>,
  editor: Editor,
  slotId: string,
  { orders, makeSeconds }: WalkIns,
): Promise<boolean> {
  const { rows } = await sql`
    with reserved as (
      update pickup_slots s
      set reserved_orders = s.reserved_orders + ${orders}::integer,
        reserved_make_seconds = s.reserved_make_seconds + ${makeSeconds}::integer
      where s.id = ${slotId} and not s.closed and s.ends_at > now()
        and s.reserved_orders + ${orders}::integer <= s.capacity_orders
        and (s.capacity_make_seconds is null
          or s.reserved_make_seconds + ${makeSeconds}::integer <= s.capacity_make_seconds)
      returning s.id, s.cafeteria_id,
        jsonb_build_object('reservedOrders', old.reserved_orders, 'reservedMakeSeconds', old.reserved_make_seconds) as before,
        jsonb_build_object('reservedOrders', new.reserved_orders, 'reservedMakeSeconds', new.reserved_make_seconds) as after
    )
    insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
    select ${editor.caller.userId}, 'slot.walk_in', 'slot', id::text, cafeteria_id, before, after, ${editor.requestId} from reserved
    returning id`.execute(db)
  return rows.length > 0
}
