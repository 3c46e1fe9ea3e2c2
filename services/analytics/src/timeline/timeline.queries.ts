import { sql } from 'kysely'
import { type Numbers, sum, tenths } from '../periods/numbers.ts'
import type { TimelineQuery } from './timeline.schema.ts'

const sums = sql`
  ${sql.join(
    ['placed', 'items', 'rejected', 'cancelled', 'grossCents', 'lostCents', 'ready', 'collected'].map(
      (column) => sum(column, 'counted.'),
    ),
  )},
  coalesce(sum(counted.gross_cents) - sum(counted.lost_cents), 0)::bigint as sales_cents,
  ${tenths(sql`sum(counted.make_seconds)::numeric / nullif(sum(counted.ready), 0)`)} as average_make_seconds`

const listed = (buckets: Numbers): Numbers => sql`
  select coalesce(jsonb_agg(to_jsonb(bucket) order by bucket.start), '[]') as buckets from (${buckets}) bucket`

/**
 * Hour by hour. The hours are those that clocks show: half an hour is looked at at a time, because in some zones clocks change by that. What
 * was counted in the hours of a former time zone is added to them. The rollup is read once, for the days that are asked for: joined to each
 * hour, it is read for all days there are, or once an hour.
 */
export const hoursNumbers: Numbers = listed(sql`
  with rolled_up as materialized (select * from rollup_hours where cafeteria_id = c.id and day between r.first and r.last)
  select hours.start, hours.date, ${sums}
  from (
    select date_trunc('hour', moment, c.time_zone) as start, day::date as date
    from generate_series(r.first::timestamp, r.last, interval '1 day') day
    cross join generate_series(instant_of(day, c.time_zone), instant_of(day + interval '1 day', c.time_zone) - interval '1 second',
      interval '30 minutes') moment
    where moment <= now()
    union
    select hour, day from rolled_up
  ) hours
  left join rolled_up counted on counted.day = hours.date and counted.hour = hours.start
  group by hours.start, hours.date`)

/** By day, or by all days of a week or month that are asked for. */
const daysNumbers = (bucket: 'day' | 'week' | 'month'): Numbers =>
  listed(sql`
    select instant_of(
        min(days.day),
        coalesce((select zone from time_zone_at(c.id, instant_of(min(days.day), c.time_zone)) zone), c.time_zone)
      ) as start,
      min(days.day)::date as date, ${sums}
    from generate_series(r.first::timestamp, least(r.last, date_at(now(), c.time_zone)), interval '1 day') days (day)
    left join (select * from rollup_days where cafeteria_id = c.id and day between r.first and r.last) counted
      on counted.day = days.day
    group by date_trunc(${sql.lit(bucket)}, days.day)`)

export const timelineNumbers = ({ bucket }: TimelineQuery): Numbers =>
  bucket === 'hour' ? hoursNumbers : daysNumbers(bucket)
