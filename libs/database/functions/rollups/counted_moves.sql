-- The moves of orders, with all that rollups count of them. It reads the log and what never changes of an order, so that a move counts the
-- same whenever it is read. A column that is not asked for costs nothing, because Postgres merges the view into the query.
--
-- `outcome` is the status that the order came to, but `abandoned` instead of `cancelled` when it was not paid yet. What is only known of
-- placed orders (placed, asap and so on) or only of ready ones is null for others.
create or replace view counted_moves as
select e.id, e.xid, e.cafeteria_id, e.order_id, o.user_id, e.at,
  date_at(e.at, zone) as day,
  date_trunc('hour', e.at, zone) as hour,
  hour_at(e.at, zone) as local_hour,
  case
    when e.type = 'order.cancelled' and (
      select before.type from events before where before.order_id = e.order_id and before.version = e.version - 1
    ) = 'order.pending_payment' then 'abandoned'
    else substr(e.type, 7)
  end as outcome,
  o.total_cents::bigint as total_cents,
  e.data ->> 'pickup_kind' as pickup_kind,
  -- A clock that is set back must not make a time less than nothing.
  case when e.type = 'order.ready' then greatest(0, extract(epoch from e.at - (
    select min(start.at) from events start
    where start.order_id = e.order_id and start.version < e.version and start.type = 'order.preparing'
  ))::double precision) end as make_seconds,
  case when e.type = 'order.ready' then
    extract(epoch from e.at - (e.data ->> 'promised_at')::timestamptz)::double precision
  end as late_seconds,
  -- A promise that was no estimate would have been the same with nothing learnt.
  case when e.type = 'order.ready' then
    extract(epoch from e.at - coalesce(e.data ->> 'naive_at', e.data ->> 'promised_at')::timestamptz)::double precision
  end as naive_late_seconds
from events e
join orders o on o.id = e.order_id
cross join lateral time_zone_at(e.cafeteria_id, e.at) zone
where e.version is not null;
