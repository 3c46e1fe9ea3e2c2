import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/**
 * Makes the table `clock_changes`: every change of its offset that a zone of the database of time zones makes from 2026 to 2028.
 * `rules` is the same number for zones that make the same changes.
 */
export async function findClockChanges(db: Kysely<Schema>): Promise<void> {
  await sql`create function utc_offset(at timestamptz, zone text) returns interval language sql immutable as $$
    select (at at time zone zone) - (at at time zone 'UTC') $$`.execute(db)
  // Zones stay at an offset for three weeks at least, so that a look each week finds every change. The clocks of all change at a whole minute.
  await sql`
    create table clock_changes as
    with weeks as (
      select name as zone, at, utc_offset(at, name) as before, utc_offset(at + interval '168 hours', name) as after
      from pg_timezone_names
      cross join generate_series(timestamptz '2025-12-29 00:00Z', '2028-12-31 23:59Z', interval '168 hours') at
    ), hours as (
      select zone, before, after, hour from weeks
      cross join lateral (
        select max(hour) as hour from generate_series(at, at + interval '168 hours', interval '1 hour') hour
        where utc_offset(hour, zone) = before
      ) h
      where before <> after
    )
    select zone, before, after, minute as at
    from hours cross join lateral (
      select min(minute) as minute from generate_series(hour, hour + interval '1 hour', interval '1 minute') minute
      where utc_offset(minute, zone) = after
    ) m`.execute(db)
  await sql`alter table clock_changes add column rules bigint`.execute(db)
  await sql`
    update clock_changes c set rules = r.rules
    from (
      select zone, dense_rank() over (order by changes) as rules
      from (select zone, array_agg((at, before, after) order by at)::text as changes from clock_changes group by zone) z
    ) r
    where r.zone = c.zone`.execute(db)
}

/**
 * Makes the table `clocks`: for each minute around changes, what a clock shows that its owner reads once a minute, and the latest time
 * that it has shown so far. This is what people go by: a place is open from when they have seen its opening time, or a later one,
 * until they have seen its closing time.
 */
export async function readClocks(
  db: Kysely<Schema>,
  { oneZonePerRules, minutes }: { oneZonePerRules: boolean; minutes: number },
): Promise<void> {
  await sql`
    create table clocks as
    select c.zone, c.at as change, minute,
      max(minute at time zone c.zone) over (partition by c.zone, c.at order by minute) as shown
    from clock_changes c
    cross join generate_series(at - make_interval(mins => ${minutes}), at + make_interval(mins => ${minutes}), interval '1 minute') minute
    where not ${oneZonePerRules} or zone in (select min(zone) from clock_changes group by rules)`.execute(db)
  await sql`analyze clocks`.execute(db)
}
