import { sql } from 'kysely'
import { share as shareOf, sum, tenths } from '../periods/numbers.ts'
import { count, seconds, share } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

const sums = [
  'ready',
  'kept',
  'lateSeconds',
  'earlySeconds',
  'naiveKept',
  'naiveLateSeconds',
  'naiveEarlySeconds',
].map((column) => sum(column))

/** How late orders were, as a histogram: those that were early come first, below 0. */
const errors = sql`
  select -duration_of_bucket(bucket::integer) as error, n
  from rollup_days cross join unnest(early) with ordinality u (n, bucket) where ${ofPeriod}
  union all
  select duration_of_bucket(bucket::integer), n
  from rollup_days cross join unnest(late) with ordinality u (n, bucket) where ${ofPeriod}`

const quantile = (share: number) =>
  tenths(sql`min(reached.error) filter (where reached.orders >= ${sql.lit(share)} * reached.total)`)

export const promises: Report = {
  path: 'promises',
  operationId: 'getPromisesReport',
  summary: 'How often orders were ready when promised in each period, and how far they were from it',
  description:
    'A promise is kept when the order becomes ready at the promised time or before, and counts on the day on which it becomes ready.',
  answer: 'PromisesReport',
  columns: [
    count('ready', 'Orders that became ready'),
    count('kept', 'Those of them that were ready when promised, or before'),
    share('keptShare', 'The share that these are'),
    seconds('averageLateSeconds', 'How late the others were on average'),
    seconds('averageEarlySeconds', 'How early those that kept their promise were on average'),
    seconds('meanErrorSeconds', 'How late orders were on average; below 0, they were early'),
    seconds('p50ErrorSeconds', 'How late half of them were at most, to 2.5%; below 0, they were early'),
    seconds('p90ErrorSeconds', 'How late 90% of them were at most, to 2.5%; below 0, they were early'),
    count(
      'naiveKept',
      'How many would have been ready when promised by make times and the kitchen’s queue alone, without what was learnt',
    ),
    share('naiveKeptShare', 'The share that these would have been'),
    seconds(
      'naiveMeanErrorSeconds',
      'How late orders would have been on average by such promises; below 0, early',
    ),
  ],
  rows: {
    columns: sql`d.ready, d.kept, ${shareOf(sql`d.kept`, sql`d.ready`)} as kept_share,
      ${tenths(sql`d.late_seconds::numeric / nullif(d.ready - d.kept, 0)`)} as average_late_seconds,
      ${tenths(sql`d.early_seconds::numeric / nullif(d.kept, 0)`)} as average_early_seconds,
      ${tenths(sql`(d.late_seconds - d.early_seconds)::numeric / nullif(d.ready, 0)`)} as mean_error_seconds,
      e.p50_error_seconds, e.p90_error_seconds, d.naive_kept, ${shareOf(sql`d.naive_kept`, sql`d.ready`)} as naive_kept_share,
      ${tenths(sql`(d.naive_late_seconds - d.naive_early_seconds)::numeric / nullif(d.ready, 0)`)} as naive_mean_error_seconds`,
    from: sql`
      cross join lateral (select ${sql.join(sums)} from rollup_days where ${ofPeriod}) d
      cross join lateral (
        select ${quantile(0.5)} as p50_error_seconds, ${quantile(0.9)} as p90_error_seconds
        from (
          select error, sum(n) over (order by error) as orders, sum(n) over () as total
          from (${errors}) errors where n > 0
        ) reached
      ) e`,
  },
}
