import { sql } from 'kysely'
import { type Numbers, share } from '../periods/numbers.ts'

const cents = (outcome: string) =>
  sql`coalesce(sum(cents) filter (where outcome = ${sql.lit(outcome)}), 0)::bigint`
const attempts = sql`sum(payments) filter (where method = 'card' and outcome in ('authorized', 'declined', 'failed'))`
const authorized = sql`sum(payments) filter (where method = 'card' and outcome = 'authorized')`

export const paymentsNumbers: Numbers = sql`
  with outcomes as (
    select method, outcome, sum(payments)::bigint as payments, sum(cents)::bigint as cents
    from rollup_payments
    where cafeteria_id = c.id and day between r.first and r.last
    group by method, outcome
  )
  select coalesce(${attempts}, 0)::bigint as attempts, ${share(sql`coalesce(${authorized}, 0)`, attempts)} as success_share,
    ${cents('captured')} as captured_cents, ${cents('refunded')} as refunded_cents,
    ${cents('captured')} - ${cents('refunded')} as kept_cents,
    coalesce(
      jsonb_agg(jsonb_build_object('method', method, 'outcome', outcome, 'payments', payments, 'cents', cents) order by method, outcome),
      '[]'
    ) as outcomes
  from outcomes`
