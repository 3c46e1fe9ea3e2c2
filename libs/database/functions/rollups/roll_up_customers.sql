-- Adds the placed orders of a batch of events, and those that were lost after they had been placed, to customers, and the visits to
-- rollup_days. p_before is the position before the batch. Returns the days that have changed.
--
-- Nobody keeps who came on which day. That a customer comes for the first time of a day is seen from their first and last day, and only
-- where an event is late, and between the two, from their own orders of that day.
create or replace function roll_up_customers(p_event_ids bigint[], p_before event_positions)
returns table (cafeteria_id uuid, day date)
language sql as $$
  with moved as materialized (
    select m.cafeteria_id, m.user_id, m.day, m.at, m.outcome, m.total_cents
    from counted_moves m
    where m.id = any (p_event_ids) and m.outcome in ('placed', 'rejected', 'cancelled')
  ), placed as materialized (
    select m.cafeteria_id, m.user_id, m.day, max(m.at) as last_at, count(*) as orders, sum(m.total_cents) as cents
    from moved m
    where m.outcome = 'placed'
    group by m.cafeteria_id, m.user_id, m.day
  ), known as materialized (
    select p.*, k.first_day, k.last_day, min(p.day) over (partition by p.cafeteria_id, p.user_id) as earliest_day
    from placed p left join customers k on k.cafeteria_id = p.cafeteria_id and k.user_id = p.user_id
  ), changed_days as (
    select k.cafeteria_id, k.day, 1 as customers, 0 as new_customers
    from known k
    where case
      when k.first_day is null or k.day < k.first_day or k.day > k.last_day then true
      when k.day in (k.first_day, k.last_day) then false
      else not had_ordered(k.cafeteria_id, k.user_id, k.day, p_before.xid, p_before.event_id)
    end
    union all
    select k.cafeteria_id, k.day, 0, 1 from known k
    where k.day = k.earliest_day and (k.first_day is null or k.day < k.first_day)
    union all
    -- An order of an earlier day came late, so the customer was new then and not later.
    select k.cafeteria_id, k.first_day, 0, -1 from known k
    where k.day = k.earliest_day and k.day < k.first_day and k.first_day < 'infinity'
  ), kept as (
    insert into customers as r
    select d.cafeteria_id, d.user_id, coalesce(min(d.day), 'infinity'), coalesce(max(d.day), '-infinity'),
      coalesce(max(d.last_at), '-infinity'), sum(d.orders), sum(d.cents), sum(d.lost_orders), sum(d.lost_cents)
    from (
      select k.cafeteria_id, k.user_id, k.day, k.last_at, k.orders, k.cents, 0 as lost_orders, 0 as lost_cents from known k
      union all
      select m.cafeteria_id, m.user_id, null, null, 0, 0, 1, m.total_cents from moved m where m.outcome <> 'placed'
    ) d
    group by d.cafeteria_id, d.user_id
    on conflict (cafeteria_id, user_id) do update set
      first_day = least(r.first_day, excluded.first_day), last_day = greatest(r.last_day, excluded.last_day),
      last_at = greatest(r.last_at, excluded.last_at), orders = r.orders + excluded.orders, cents = r.cents + excluded.cents,
      lost_orders = r.lost_orders + excluded.lost_orders, lost_cents = r.lost_cents + excluded.lost_cents
  )
  insert into rollup_days as r (cafeteria_id, day, customers, new_customers)
  select c.cafeteria_id, c.day, sum(c.customers), sum(c.new_customers)
  from changed_days c group by c.cafeteria_id, c.day
  on conflict (cafeteria_id, day) do update set
    customers = r.customers + excluded.customers, new_customers = r.new_customers + excluded.new_customers
  returning r.cafeteria_id, r.day
$$;
