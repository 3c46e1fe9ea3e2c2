import { type RawBuilder, sql } from 'kysely'

/**
 * A select of one row about some days of a cafeteria. It reads `c` (id, time_zone, currency) and `r` (first, last: its days), and rollups
 * by their keys only, so that it costs as much as those days hold, however long the history.
 */
export type Numbers = RawBuilder<unknown>

/** What the rollup of days has of the days. */
export const days = sql`rollup_days where cafeteria_id = c.id and day between r.first and r.last`

/** The sum of a column by its name, 0 of nothing. */
export const sum = (column: string, of = '') =>
  sql`coalesce(sum(${sql.ref(of + column)}), 0)::bigint as ${sql.ref(column)}`

/** A share, or null of nothing. */
export const share = (part: RawBuilder<unknown>, whole: RawBuilder<unknown>) =>
  sql`round((${part})::numeric / nullif((${whole})::numeric, 0), 4)`

/** A number of seconds to the tenth. */
export const tenths = (seconds: RawBuilder<unknown>) => sql`round((${seconds})::numeric, 1)`

/** The sum of the histograms of the days; `column` is one of rollup_days. */
export const histogram = (column: 'make' | 'late' | 'early') => sql`(
  select coalesce(array_agg(counted.n order by counted.bucket), '{}')
  from (
    select bucket, sum(n)::integer as n
    from rollup_days d cross join unnest(d.${sql.ref(column)}) with ordinality u (n, bucket)
    where d.cafeteria_id = c.id and d.day between r.first and r.last
    group by bucket
  ) counted
)`

/** Numbers as one value, an object. */
export const wholeRow = (numbers: Numbers) => sql`(select to_jsonb(part) from (${numbers}) part)`
