import { orderStatuses } from '@comanda/ordering'
import { sql } from 'kysely'
import type { Numbers } from '../periods/numbers.ts'

export const statusesNumbers: Numbers = sql`
  select jsonb_agg(jsonb_build_object('status', s.status, 'orders', coalesce(counted.orders, 0)) order by s.place) as statuses
  from unnest(${[...orderStatuses]}::text[]) with ordinality s (status, place)
  left join (
    select status, sum(orders)::bigint as orders from rollup_statuses
    where cafeteria_id = c.id and day between r.first and r.last
    group by status
  ) counted on counted.status = s.status`
