import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'
import type { Batch } from './batch.ts'

const seconds = (least: number, span: number, purpose: string) =>
  sql`interval '1 second' * (${sql.lit(least)} + ${sql.lit(span)} * pg_temp.draw(n, ${sql.lit(purpose)}))`

/** Decides when each order made its moves, in the order of the state machine; what it did not reach stays null. */
export async function runTimelines(tx: Transaction<Schema>, { until }: Batch): Promise<void> {
  await sql`
    create temporary table history_orders on commit drop as
    with lines as (
      select n, sum(price_cents::bigint * quantity) as total_cents, sum(make_seconds * quantity)::integer as make_seconds
      from history_lines group by n
    ), sized as (
      select r.*, l.total_cents, l.make_seconds, created_at + make_interval(secs => l.make_seconds) as makeable_at,
        -- No move of an order that is still being served may be in the future.
        case live when true then ${until}::timestamptz - ${seconds(10, 100, 'lately')} else 'infinity' end as latest
      from history_requests r join lines l using (n)
    ), promised as (
      select *, greatest(starts_at, makeable_at) as pickup_at, greatest(ends_at, makeable_at) as pickup_until,
        case when fate in ('expired', 'pending_payment') then null
          when payment_method = 'wallet' then created_at
          else created_at + ${seconds(4, 16, 'pay')} end as placed_at
      from sized
    ), accepted as (
      select *, case when fate not in ('expired', 'pending_payment', 'placed', 'rejected', 'cancelled')
        then placed_at + ${seconds(10, 110, 'accept')} end as accepted_at
      from promised
    ), started as (
      select *, case when fate not in ('accepted') and accepted_at is not null
        then least(greatest(accepted_at + ${seconds(15, 30, 'start')}, pickup_at - make_interval(secs => make_seconds + 180)),
          case fate when 'ready' then latest - interval '4 minutes' else latest end) end as started_at
      from accepted
    ), made as (
      select *, case when fate in ('ready', 'collected', 'uncollected') and started_at is not null
        then least(started_at + greatest(30, make_seconds * (0.7 + 0.5 * pg_temp.draw(n, 'make'))) * interval '1 second', latest) end as ready_at
      from started
    )
    select made.n, pg_temp.id_at(made.created_at, made.n, 'order') as id, made.cafeteria_id, user_id, starts_at, ends_at, fate,
      case fate when 'cancelled by staff' then 'cancelled' else fate end as status,
      total_cents, made.currency, make_seconds, payment_method,
      -- Most customers do not wait for a later slot.
      case when pg_temp.draw(n, 'pickup kind') < 0.6 then 'asap' else 'slot' end as pickup_kind, pickup_at, pickup_until,
      (pickup_at at time zone made.time_zone)::date as pickup_date, made.created_at, placed_at, accepted_at, started_at, ready_at,
      case fate
        when 'expired' then made.created_at + make_interval(secs => c.payment_seconds)
        when 'rejected' then placed_at + case when pg_temp.draw(n, 'silence') < 0.4 then make_interval(secs => c.acceptance_seconds)
          else least(make_interval(secs => c.acceptance_seconds) * 0.9, ${seconds(20, 120, 'close')}) end
        when 'cancelled' then placed_at + ${seconds(5, 60, 'close')}
        when 'cancelled by staff' then started_at + ${seconds(30, 120, 'close')}
        when 'collected' then greatest(ready_at, pickup_at - interval '2 minutes') + ${seconds(20, 500, 'close')}
        when 'uncollected' then greatest(pickup_until, ready_at) + make_interval(secs => c.collection_seconds)
      end as closed_at,
      case fate
        when 'pending_payment' then made.created_at + make_interval(secs => c.payment_seconds)
        when 'placed' then placed_at + make_interval(secs => c.acceptance_seconds)
        when 'ready' then greatest(pickup_until, ready_at) + make_interval(secs => c.collection_seconds)
      end as deadline_at,
      case fate
        when 'expired' then 'system' when 'uncollected' then 'system' when 'cancelled' then 'customer'
        when 'rejected' then case when pg_temp.draw(n, 'silence') < 0.4 then 'system' else 'staff' end
        else 'staff'
      end as closed_by,
      case fate
        when 'rejected' then case when pg_temp.draw(n, 'silence') < 0.4 then 'no answer'
          else (array['Se agotó un ingrediente', 'La cocina está saturada', 'Cerramos antes de tiempo'])[1 + floor(pg_temp.draw(n, 'why') * 3)::integer] end
        when 'cancelled by staff' then (array['Falla en la cocina', 'Se cayó el pedido'])[1 + floor(pg_temp.draw(n, 'why') * 2)::integer]
      end as reason
    from made join cafeterias c on c.id = made.cafeteria_id`.execute(tx)
  await sql`create unique index on history_orders (n)`.execute(tx)
  await sql`analyze history_orders`.execute(tx)
}
