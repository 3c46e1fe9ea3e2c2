import type { Schema } from '@comanda/database'
import { moves } from '@comanda/ordering'
import { sql, type Transaction } from 'kysely'
import type { Batch } from './batch.ts'
import { historyCustomerId, historyCustomers } from './customers.ts'

/**
 * Decides who orders when and where, how it is paid and how it ends. Orders that are still being served are paid by wallet:
 * the card provider does not know this history, and could neither capture nor return their money.
 */
export async function pickRequests(tx: Transaction<Schema>, { first, last, until }: Batch): Promise<void> {
  await sql`
    create temporary table history_requests on commit drop as
    with ahead as (
      select array_agg(s order by s.starts_at, s.cafeteria_id) as slots from history_slots s where first_n is null
    ), requests as (
      select n, false as live, s.cafeteria_id, s.starts_at, s.ends_at,
        case
          when fate < 0.02 then 'expired'
          when fate < 0.04 then 'rejected'
          when fate < 0.07 then 'cancelled'
          when fate < 0.08 then 'cancelled by staff'
          when fate < 0.10 then 'uncollected'
          else 'collected'
        end as fate
      from history_slots s
      cross join lateral generate_series(greatest(s.first_n, ${first}), least(s.last_n, ${last})) n
      cross join lateral (select pg_temp.draw(n, 'fate') as fate) d
      where s.last_n >= ${first} and s.first_n <= ${last}
      union all
      select n, true, (slot).cafeteria_id, (slot).starts_at, (slot).ends_at,
        (array['ready', ${moves.start.to}, 'accepted', 'placed', 'pending_payment', ${moves.start.to}, 'accepted', 'ready'])[1 + n % 8]
      from ahead
      cross join generate_series(greatest((select max(last_n) from history_slots) + 1, ${first}), ${last}::bigint) n
      cross join lateral (select slots[1 + floor(pg_temp.draw(n, 'slot') * cardinality(slots))::integer] as slot) s
    )
    select r.*, c.time_zone, c.currency,
      ${historyCustomerId(sql`1 + floor(pg_temp.draw(n, 'customer') ^ 2 * ${sql.lit(historyCustomers)})::integer`)} as user_id,
      case
        when fate in ('expired', 'pending_payment') then 'card'
        when live or pg_temp.draw(n, 'method') < 0.55 then 'wallet'
        else 'card'
      end as payment_method,
      case
        when live then ${until}::timestamptz - interval '1 second' * (case fate
          when 'pending_payment' then 20 + 100 * pg_temp.draw(n, 'age')
          when 'placed' then 10 + 60 * pg_temp.draw(n, 'age')
          when 'accepted' then 150 + 150 * pg_temp.draw(n, 'age')
          when ${moves.start.to} then 400 + 300 * pg_temp.draw(n, 'age')
          else 900 + 300 * pg_temp.draw(n, 'age') end)
        else starts_at - interval '1 minute' * (10 + 30 * pg_temp.draw(n, 'lead'))
      end as created_at
    from requests r join cafeterias c on c.id = r.cafeteria_id`.execute(tx)
  await sql`analyze history_requests`.execute(tx)
}
