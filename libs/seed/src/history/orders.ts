import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'
import { shownId } from './choices.ts'

const letter = (digit: number) => sql`substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ',
  1 + floor(pg_temp.draw(o.n * 4 + ${sql.lit(digit)}, 'code') * 32)::integer, 1)`

/** Inserts the orders with a code and a copy of their lines, put together of what `history_choices` has of each: `shown_line` took longer. */
export async function insertOrders(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into orders (id, cafeteria_id, user_id, slot_id, status, version, total_cents, currency, make_seconds, payment_method,
      pickup_kind, pickup_at, pickup_until, promised_at, begin_at, naive_seconds, pickup_date, number, pickup_code, reason, deadline_at,
      created_at, updated_at, placed_at, accepted_at, started_at, ready_at, closed_at, items)
    select o.id, o.cafeteria_id, o.user_id, s.id, o.status,
      num_nonnulls(o.placed_at, o.accepted_at, o.started_at, o.ready_at, o.closed_at) + (o.payment_method = 'card')::integer,
      o.total_cents, o.currency, o.make_seconds, o.payment_method, o.pickup_kind, o.pickup_at, o.pickup_until, o.pickup_at,
      o.pickup_at - make_interval(secs => o.make_seconds), case when o.pickup_at > o.starts_at then o.make_seconds end, o.pickup_date,
      p.number, ${sql.join([0, 1, 2, 3].map(letter), sql` || `)}, o.reason, o.deadline_at, o.created_at,
      greatest(o.created_at, o.placed_at, o.accepted_at, o.started_at, o.ready_at, o.closed_at), o.placed_at, o.accepted_at,
      o.started_at, o.ready_at, o.closed_at, l.items
    from history_orders o
    join pickup_slots s on s.cafeteria_id = o.cafeteria_id and s.starts_at = o.starts_at
    join history_numbers p on p.n = o.n
    join (
      select l.n, '[' || string_agg(replace(c.shown[l.quantity], ${shownId}, l.id::text), ', ' order by l.position) || ']' as items
      from history_lines l join history_choices c on c.product_id = l.product_id and c.variant = l.variant
      group by l.n
    ) l on l.n = o.n
    order by o.n`.execute(tx)
}
