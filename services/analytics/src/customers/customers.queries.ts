import { sql } from 'kysely'
import { days, type Numbers, share } from '../periods/numbers.ts'

const returning = sql`sum(customers) - sum(new_customers)`

export const customersNumbers: Numbers = sql`
  select coalesce(sum(new_customers), 0)::bigint as new_customers, coalesce(${returning}, 0)::bigint as returning_visits,
    ${share(returning, sql`sum(customers)`)} as returning_share
  from ${days}`
