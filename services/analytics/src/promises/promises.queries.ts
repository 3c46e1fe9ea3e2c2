import { sql } from 'kysely'
import { days, histogram, type Numbers, share, tenths } from '../periods/numbers.ts'

/** The error within which a share of the promises lies: from the earliest orders, which are below 0, to the latest. */
const errorQuantile = (share: number) =>
  tenths(sql`(select min(error) from errors where reached >= ${sql.lit(share)} * total and total > 0)`)

export const promisesNumbers: Numbers = sql`
  with sums as (
    select coalesce(sum(ready), 0)::bigint as ready, coalesce(sum(kept), 0)::bigint as kept, sum(late_seconds)::numeric as late_seconds,
      sum(early_seconds)::numeric as early_seconds, coalesce(sum(naive_kept), 0)::bigint as naive_kept,
      sum(naive_late_seconds - naive_early_seconds)::numeric as naive_error_seconds
    from ${days}
  ), errors as (
    select error, sum(n) over (order by error) as reached, sum(n) over () as total
    from (
      select -duration_of_bucket(bucket::integer) as error, n from unnest(${histogram('early')}) with ordinality u (n, bucket)
      union all
      select duration_of_bucket(bucket::integer), n from unnest(${histogram('late')}) with ordinality u (n, bucket)
    ) e
  )
  select ready, kept, ${share(sql`kept`, sql`ready`)} as kept_share,
    ${tenths(sql`late_seconds / nullif(ready - kept, 0)`)} as average_late_seconds,
    ${tenths(sql`early_seconds / nullif(kept, 0)`)} as average_early_seconds,
    ${tenths(sql`(late_seconds - early_seconds) / nullif(ready, 0)`)} as mean_error_seconds,
    ${errorQuantile(0.5)} as p50_error_seconds, ${errorQuantile(0.9)} as p90_error_seconds,
    naive_kept, ${share(sql`naive_kept`, sql`ready`)} as naive_kept_share,
    ${tenths(sql`naive_error_seconds / nullif(ready, 0)`)} as naive_mean_error_seconds
  from sums`
