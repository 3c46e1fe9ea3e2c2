import { sql } from 'kysely'
import { days, histogram, type Numbers, tenths } from '../periods/numbers.ts'

const quantile = (share: number) => tenths(sql`histogram_quantile(h.make, ${sql.lit(share)})`)

export const preparationNumbers: Numbers = sql`
  select sums.ready, ${tenths(sql`sums.make_seconds / nullif(sums.ready, 0)`)} as average_seconds,
    ${quantile(0.5)} as p50_seconds, ${quantile(0.9)} as p90_seconds, ${quantile(0.99)} as p99_seconds
  from (select coalesce(sum(ready), 0)::bigint as ready, sum(make_seconds) as make_seconds from ${days}) sums
  cross join (select ${histogram('make')} as make) h`
