import { sql } from 'kysely'
import { sum, tenths } from '../periods/numbers.ts'
import { count, seconds } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

const quantile = (share: number) => tenths(sql`histogram_quantile(h.make, ${sql.lit(share)})`)

export const preparation: Report = {
  path: 'preparation',
  operationId: 'getPreparationReport',
  summary: 'How long the kitchen took in each period',
  description:
    'From the start of an order’s preparation to ready, on the day on which it became ready. An order that was recalled counts once it is ready again, from its first start.',
  answer: 'PreparationReport',
  columns: [
    count('ready', 'Orders that became ready'),
    seconds('averageSeconds', 'How long their preparation took on average'),
    seconds('p50Seconds', 'The time within which half of them were made, to 2.5%'),
    seconds('p90Seconds', 'The time within which 90% of them were made, to 2.5%'),
    seconds('p99Seconds', 'The time within which 99% of them were made, to 2.5%'),
  ],
  rows: {
    columns: sql`d.ready, ${tenths(sql`d.make_seconds::numeric / nullif(d.ready, 0)`)} as average_seconds,
      ${quantile(0.5)} as p50_seconds, ${quantile(0.9)} as p90_seconds, ${quantile(0.99)} as p99_seconds`,
    from: sql`
      cross join lateral (select ${sum('ready')}, ${sum('makeSeconds')} from rollup_days where ${ofPeriod}) d
      cross join lateral (
        select array_agg(buckets.n order by buckets.bucket) as make
        from (
          select bucket, sum(n)::integer as n from rollup_days cross join unnest(make) with ordinality u (n, bucket)
          where ${ofPeriod}
          group by bucket
        ) buckets
      ) h`,
  },
}
