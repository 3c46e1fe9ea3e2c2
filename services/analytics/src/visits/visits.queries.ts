import { sql } from 'kysely'
import { days, type Numbers } from '../periods/numbers.ts'

export const visitsNumbers: Numbers = sql`
  select coalesce(sum(customers), 0)::bigint as visits, coalesce(sum(new_customers), 0)::bigint as new_customers,
    round(sum(placed)::numeric / nullif(sum(customers), 0), 2) as orders_per_visit,
    coalesce(
      jsonb_agg(jsonb_build_object('date', day, 'visits', customers, 'newCustomers', new_customers) order by day)
        filter (where customers <> 0),
      '[]'
    ) as days
  from ${days}`
