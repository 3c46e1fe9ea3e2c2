import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Makes the slots of the past and takes places; a slot that was busier than it had room for gets that much room. */
export async function takePlaces(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into pickup_slots as slot (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds,
      reserved_orders, reserved_make_seconds)
    select c.id, taken.starts_at, taken.ends_at, greatest(c.slot_capacity_orders, taken.orders),
      greatest(c.slot_capacity_make_seconds, case when c.slot_capacity_make_seconds is not null then taken.make_seconds end),
      taken.orders, taken.make_seconds
    from (
      -- An order that fell through before its preparation has given its place back.
      select cafeteria_id, starts_at, ends_at, count(*) filter (where held)::integer as orders,
        coalesce(sum(make_seconds) filter (where held), 0)::integer as make_seconds
      from history_orders, lateral (select fate not in ('expired', 'rejected', 'cancelled') as held) h
      group by cafeteria_id, starts_at, ends_at
    ) taken join cafeterias c on c.id = taken.cafeteria_id
    order by c.id, taken.starts_at
    on conflict (cafeteria_id, starts_at) do update set
      reserved_orders = slot.reserved_orders + excluded.reserved_orders,
      reserved_make_seconds = slot.reserved_make_seconds + excluded.reserved_make_seconds,
      capacity_orders = greatest(slot.capacity_orders, slot.reserved_orders + excluded.reserved_orders),
      capacity_make_seconds = case when slot.capacity_make_seconds is not null
        then greatest(slot.capacity_make_seconds, slot.reserved_make_seconds + excluded.reserved_make_seconds) end`.execute(
    tx,
  )
}

/** Inserts the orders with a copy of their lines, made of all lines at once: `shown_lines` for each order took most of the time. */
export async function insertOrders(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into orders (id, cafeteria_id, user_id, slot_id, status, version, total_cents, currency, make_seconds, payment_method,
      pickup_kind, pickup_at, pickup_until, promised_at, begin_at, naive_seconds, pickup_date, number, pickup_code, reason, deadline_at,
      created_at, updated_at, placed_at, accepted_at, started_at, ready_at, closed_at, items)
    select o.id, o.cafeteria_id, o.user_id, s.id, o.status,
      num_nonnulls(o.placed_at, o.accepted_at, o.started_at, o.ready_at, o.closed_at) + (o.payment_method = 'card')::integer,
      o.total_cents, o.currency, o.make_seconds, o.payment_method, o.pickup_kind, o.pickup_at, o.pickup_until, o.pickup_at,
      o.pickup_at - make_interval(secs => o.make_seconds), case when o.pickup_at > o.starts_at then o.make_seconds end, o.pickup_date,
      o.number, o.pickup_code, o.reason, o.deadline_at, o.created_at,
      greatest(o.created_at, o.placed_at, o.accepted_at, o.started_at, o.ready_at, o.closed_at), o.placed_at, o.accepted_at,
      o.started_at, o.ready_at, o.closed_at, l.items
    from history_orders o
    join pickup_slots s on s.cafeteria_id = o.cafeteria_id and s.starts_at = o.starts_at
    join (
      select n, json_agg(shown_line(id, product_id, name, quantity, price_cents, shown_modifiers, null) order by position)::text as items
      from history_lines group by n
    ) l on l.n = o.n
    order by o.n`.execute(tx)
}
