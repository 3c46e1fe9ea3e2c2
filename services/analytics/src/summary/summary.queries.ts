import { sql } from 'kysely'
import { days, type Numbers } from '../periods/numbers.ts'

const sum = (column: string) => sql`coalesce(sum(${sql.ref(column)}), 0)::bigint as ${sql.ref(column)}`

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
  ].map(sum),
)

export const summaryNumbers: Numbers = sql`
  select ${sums}, coalesce(sum(gross_cents) - sum(lost_cents), 0)::bigint as sales_cents,
    coalesce(sum(customers), 0)::bigint as visits,
    round(sum(gross_cents)::numeric / nullif(sum(placed), 0))::bigint as average_order_cents
  from ${days}`
