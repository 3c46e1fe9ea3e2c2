import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { cafeteriaIds } from '../campus/cafeterias.ts'

export interface Plan {
  /** How many orders there are from `since` to `until`, and how many of them are still being served. */
  orders: number
  live: number
  /** The number of the first of them. */
  firstNumber: number
  seed: number
  /** ISO 8601. */
  since: string
  until: string
}

/** Makes the temporary tables and functions that every batch reads. */
export async function prepare(db: Kysely<Schema>, plan: Plan): Promise<void> {
  await drop(db)
  await createFunctions(db, plan.seed)
  await createSlots(db, plan)
  await createMenu(db)
  await createChoices(db)
}

/** Drops the temporary tables that `prepare` made, if they are there. */
export async function drop(db: Kysely<Schema>): Promise<void> {
  await sql`drop table if exists history_slots, history_menu, history_choices`.execute(db)
}

async function createFunctions(db: Kysely<Schema>, seed: number): Promise<void> {
  // A number in [0, 1) that depends on the order, on what it is for and on the seed.
  await sql`
    create or replace function pg_temp.draw(n bigint, purpose text) returns float8 language sql immutable as $$
      select (hashint8extended(n, hashtextextended(purpose, ${sql.lit(seed)})) & 1073741823) / 1073741824.0::float8
    $$`.execute(db)
  // A UUIDv7: the time in milliseconds, then as good as random.
  await sql`
    create or replace function pg_temp.id_at(at timestamptz, n bigint, purpose text) returns uuid language sql stable as $$
      select overlay(overlay(overlay(md5(purpose || n || ${sql.lit(`-${seed}`)})
        placing lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') from 1)
        placing '7' from 13) placing '8' from 17)::uuid
    $$`.execute(db)
}

/**
 * The pick-up slots of the time, each with the numbers of its orders: those before `until` share them out by how busy it
 * is at that time, those just ahead (first_n is null) take the orders that are still being served.
 */
async function createSlots(db: Kysely<Schema>, plan: Plan): Promise<void> {
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

/** What can be ordered in each half hour of a day, the popular things first. */
async function createMenu(db: Kysely<Schema>): Promise<void> {
  await sql`
    create temporary table history_menu as
    select p.cafeteria_id, h.half_hour, array_agg(p.id order by p.position, p.id) as product_ids, count(*)::integer as size
    from products p
    left join mealtimes t on t.id = p.mealtime_id
    cross join generate_series(0, 47) h (half_hour)
    cross join lateral (
      select time '00:00' + h.half_hour * interval '30 minutes' as begins, time '00:29' + h.half_hour * interval '30 minutes' as ends
    ) half
    where p.cafeteria_id = any (${cafeteriaIds}) and p.deleted_at is null and p.available and (t.id is null
      or t.starts < t.ends and t.starts <= half.begins and half.ends <= t.ends
      or t.starts > t.ends and (t.starts <= half.begins or half.ends <= t.ends))
    group by p.cafeteria_id, h.half_hour`.execute(db)
  await sql`analyze history_menu`.execute(db)
}

/** Three ways to order a product: with another choice from every group that asks for one, the third with an extra. */
async function createChoices(db: Kysely<Schema>): Promise<void> {
  await sql`
    create temporary table history_choices as
    select p.id as product_id, v.variant, p.name, p.make_seconds, p.price_cents + coalesce(sum(m.price_delta_cents), 0)::integer as price_cents,
      coalesce(jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_delta_cents', m.price_delta_cents)
        order by pg.position, m.position) filter (where m.id is not null), '[]') as modifiers,
      coalesce(jsonb_agg(jsonb_build_object('modifierId', m.id, 'name', m.name, 'priceDeltaCents', m.price_delta_cents)
        order by pg.position, m.position) filter (where m.id is not null), '[]') as shown_modifiers
    from products p
    cross join generate_series(0, 2) v (variant)
    left join product_modifier_groups pg on pg.product_id = p.id
    left join modifier_groups g on g.id = pg.group_id and g.deleted_at is null
    left join lateral (
      select m.*, row_number() over (order by m.position, m.id) - 1 as index, count(*) over () as size
      from modifiers m where m.group_id = g.id and m.available and m.deleted_at is null
    ) m on case when g.min_select > 0 then (m.index - v.variant + m.size) % m.size < g.min_select
      else v.variant = 2 and m.index = m.size - 1 end
    where p.cafeteria_id = any (${cafeteriaIds})
    group by p.id, v.variant`.execute(db)
  await sql`create unique index on history_choices (product_id, variant)`.execute(db)
  await sql`analyze history_choices`.execute(db)
}
