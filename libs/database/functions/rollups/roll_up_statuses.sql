-- Takes each order of a batch of events from the status that it had to the one that it came to, on the day on which it was created.
-- Returns the days that have changed.
create or replace function roll_up_statuses(p_event_ids bigint[]) returns table (cafeteria_id uuid, day date)
language sql as $$
  with moves as materialized (
    select e.cafeteria_id, date_at(o.created_at, zone) as day, substr(e.type, 7) as status, (
      select substr(before.type, 7) from events before where before.order_id = e.order_id and before.version = e.version - 1
    ) as status_before
    from events e
    join orders o on o.id = e.order_id
    cross join lateral time_zone_at(e.cafeteria_id, o.created_at) zone
    where e.id = any (p_event_ids) and e.version is not null
  )
  insert into rollup_statuses as r
  select m.cafeteria_id, m.day, counted.status, sum(counted.times)
  from moves m cross join lateral (values (m.status, 1), (m.status_before, -1)) counted (status, times)
  where counted.status is not null
  group by m.cafeteria_id, m.day, counted.status
  on conflict (cafeteria_id, day, status) do update set orders = r.orders + excluded.orders
  returning r.cafeteria_id, r.day
$$;
