-- Whether a customer had placed another order at a cafeteria on a day, among the events up to a position of the log.
--
-- It reads the customer's own orders of some days around it, because an order is placed at most a few hours after it was created.
create or replace function had_ordered(p_cafeteria_id uuid, p_user_id uuid, p_day date, p_xid xid8, p_event_id bigint) returns boolean
language sql stable as $$
  select exists (
    select from orders o
    join counted_moves m on m.order_id = o.id and m.outcome = 'placed'
    where o.user_id = p_user_id and o.cafeteria_id = p_cafeteria_id
      and o.created_at between p_day - interval '7 days' and p_day + interval '3 days'
      and (m.xid, m.id) <= (p_xid, p_event_id) and m.day = p_day
  )
$$;
