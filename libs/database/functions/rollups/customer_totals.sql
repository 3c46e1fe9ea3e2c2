-- What a customer has ordered so far, a row for each currency: `placed` are all orders that came to a kitchen, `sold` those of them that
-- were neither rejected nor cancelled. No rows for somebody who never placed one.
--
-- It reads the sums of the rollups and adds what the log says after their position, so it is exact however far behind they are, and its cost
-- does not grow with the customer's history. Orders that may have moved since are those of the last two weeks before the position (a slot
-- can be chosen a week ahead) that were changed after it; the hour is for transactions that began before it and ended after it.
create or replace function customer_totals(p_user_id uuid)
returns table (currency text, placed bigint, sold bigint, sold_cents bigint, last_placed_at timestamptz)
language sql stable
-- Everything is looked up by its key, also where a table is still small.
set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off
as $$
  with counted as materialized (
    select coalesce(p.xid, '0') as xid, coalesce(p.event_id, 0) as event_id, coalesce(e.at, '-infinity') as at
    from (select) nothing
    left join event_positions p on p.consumer = 'rollups'
    left join events e on e.id = p.event_id
  ), moved as (
    select c.cafeteria_id, c.orders, c.lost_orders, c.cents - c.lost_cents as cents, c.last_at
    from customers c where c.user_id = p_user_id
    union all
    select o.cafeteria_id, case e.type when 'order.placed' then 1 else 0 end, case e.type when 'order.placed' then 0 else 1 end,
      case e.type when 'order.placed' then o.total_cents else -o.total_cents end, o.placed_at
    from counted
    join orders o on o.user_id = p_user_id and o.created_at > counted.at - interval '14 days'
    join events e on e.order_id = o.id and e.version is not null and (e.xid, e.id) > (counted.xid, counted.event_id)
    where o.placed_at is not null and o.updated_at > counted.at - interval '1 hour'
      and e.type in ('order.placed', 'order.rejected', 'order.cancelled')
  )
  select c.currency, sum(m.orders)::bigint, sum(m.orders - m.lost_orders)::bigint, sum(m.cents)::bigint, max(m.last_at)
  from moved m join cafeterias c on c.id = m.cafeteria_id
  group by c.currency
$$;
