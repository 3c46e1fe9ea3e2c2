import { sql } from 'kysely'
import { days, type Numbers, sum } from '../periods/numbers.ts'

const sums = sql.join(
  [
    'placed',
    'items',
    'rejected',
    'cancelled',
    'abandoned',
    'expired',
    'ready',
    'collected',
    'uncollected',
    'grossCents',
    'lostCents',
    'newCustomers',
  ].map((column) => sum(column)),
)

export const summaryNumbers: Numbers = sql`
  select ${sums}, coalesce(sum(gross_cents) - sum(lost_cents), 0)::bigint as sales_cents,
    coalesce(sum(customers), 0)::bigint as visits,
    round(sum(gross_cents)::numeric / nullif(sum(placed), 0))::bigint as average_order_cents
  from ${days}`
