import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import { cafeteriaIds } from '../campus/cafeterias.ts'
import type { Plan } from './plan.ts'

/**
 * The pick-up slots of the time, each with the numbers of its orders: those before `until` share them out by how busy it
 * is at that time, those just ahead (first_n is null) take the orders that are still being served.
 */
export async function createSlots(db: Kysely<Schema>, plan: Plan): Promise<void> {
  const { orders, live, firstNumber, since, until } = plan
  await sql`
    create temporary table history_slots as
    with slots as (
      select c.id as cafeteria_id, s.starts_at, s.starts_at + make_interval(mins => c.slot_minutes) as ends_at,
        s.starts_at at time zone c.time_zone as local
      from cafeterias c
      cross join lateral opening_windows(c.id, 'opening', (${since}::timestamptz at time zone c.time_zone)::date,
        (${until}::timestamptz at time zone c.time_zone)::date + 1) w
      cross join lateral generate_series(w.opens_at, w.closes_at - make_interval(mins => c.slot_minutes),
        make_interval(mins => c.slot_minutes)) s (starts_at)
      where c.id = any (${cafeteriaIds}) and c.deleted_at is null
    ), weighed as (
      select slots.*, sum(
        -- Breakfast around 9, lunch around 14:15, a snack in the evening, and few at night.
        (0.5 * exp(-power(hour - 9, 2)) + exp(-power((hour - 14.25) / 1.1, 2)) + 0.25 * exp(-power((hour - 18.5) / 1.5, 2)) + 0.01)
        * (array[1, 1, 1, 1, 0.8, 0.3, 0.12]::float8[])[extract(isodow from local)]
        * case extract(month from local)::integer when 7 then 0.3 when 12 then 0.6 when 1 then 0.7 else 1 end
        * extract(epoch from ends_at - starts_at)::float8
      ) over (order by starts_at, cafeteria_id) as total
      from slots, lateral (select extract(epoch from local::time)::float8 / 3600 as hour) h
      -- Whatever was not collected by then has been closed by the time-out.
      where starts_at >= ${since}::timestamptz and ends_at < ${until}::timestamptz - interval '3 hours'
    ), numbered as (
      select weighed.*, ${sql.lit(firstNumber - 1)} + floor(${sql.lit(orders - live)} * total / max(total) over ())::bigint as last_n from weighed
    )
    select cafeteria_id, starts_at, ends_at, 1 + lag(last_n, 1, ${sql.lit(firstNumber - 1)}::bigint) over (order by starts_at, cafeteria_id) as first_n, last_n
    from numbered
    union all
    select cafeteria_id, starts_at, ends_at, null, null from slots
    where ends_at > ${until}::timestamptz and starts_at < ${until}::timestamptz + interval '40 minutes'`.execute(
    db,
  )
  await sql`delete from history_slots where first_n > last_n`.execute(db)
  await sql`create index on history_slots (last_n)`.execute(db)
  await sql`analyze history_slots`.execute(db)
  const { rows } = await sql`select 1 from history_slots limit 1`.execute(db)
  if (rows.length === 0) throw new Error('There is no campus to make a history for: seed it first.')
}

/**
 * Inserts the pick-up slots that are missing. Of those of the past nobody is shown anything, so the trigger that raises the version of what
 * customers see, for each slot, is off: it took as long as a tenth of all orders.
 */
export async function insertSlots(connection: Kysely<Schema>): Promise<void> {
  const insert = (condition: ReturnType<typeof sql>) => sql`
    insert into pickup_slots (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds)
    select c.id, s.starts_at, s.ends_at, c.slot_capacity_orders, c.slot_capacity_make_seconds
    from history_slots s join cafeterias c on c.id = s.cafeteria_id
    where ${condition} order by s.starts_at, c.id
    on conflict do nothing`
  await withoutVersions(connection, async (tx) => {
    await insert(sql`s.first_n is not null`).execute(tx)
  })
  await insert(sql`s.first_n is null`).execute(connection)
}

/** Takes the places of the orders of a batch. */
export async function takePlaces(tx: Transaction<Schema>): Promise<void> {
  await sql`
    update pickup_slots slot set reserved_orders = slot.reserved_orders + taken.orders,
      reserved_make_seconds = slot.reserved_make_seconds + taken.make_seconds
    from (
      -- An order that fell through before its preparation has given its place back.
      select cafeteria_id, starts_at, count(*)::integer as orders, sum(make_seconds)::integer as make_seconds
      from history_orders where fate not in ('expired', 'rejected', 'cancelled')
      group by cafeteria_id, starts_at
    ) taken
    where slot.cafeteria_id = taken.cafeteria_id and slot.starts_at = taken.starts_at`.execute(tx)
}

/** Gives slots that were busier than they had room for that much room. */
export async function makeRoom(connection: Kysely<Schema>): Promise<void> {
  const widen = (condition: ReturnType<typeof sql>) => sql`
    update pickup_slots set capacity_orders = greatest(capacity_orders, reserved_orders),
      capacity_make_seconds = case when capacity_make_seconds is not null then greatest(capacity_make_seconds, reserved_make_seconds) end
    where cafeteria_id = any (${cafeteriaIds}) and (reserved_orders > capacity_orders or reserved_make_seconds > capacity_make_seconds)
      and ${condition}`
  await withoutVersions(connection, async (tx) => {
    await widen(sql`ends_at < now()`).execute(tx)
  })
  await widen(sql`true`).execute(connection)
}

async function withoutVersions(
  connection: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  await connection.transaction().execute(async (tx) => {
    await sql`select set_config('statement_timeout', '0', true)`.execute(tx)
    await sql`alter table pickup_slots disable trigger pickup_slots_version`.execute(tx)
    await work(tx)
    await sql`alter table pickup_slots enable trigger pickup_slots_version`.execute(tx)
  })
}
