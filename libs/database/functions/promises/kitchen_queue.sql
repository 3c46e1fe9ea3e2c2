-- How many seconds of work wait in a kitchen at a moment: the make times of the orders that it works on now or begins within ten minutes.
-- One row; in a `from` Postgres inlines it.
--
-- An order that is not ready an hour after its beginning was forgotten by somebody, and counts no more. Of more than a hundred only the
-- last ones count, so that the cost has a bound: promise_estimate has a longest wait anyway.
create or replace function kitchen_queue(p_cafeteria_id uuid, p_at timestamptz) returns table (seconds bigint)
language sql stable as $$
  select coalesce(sum(due.make_seconds), 0)::bigint
  from (
    select o.make_seconds from orders o
    where o.cafeteria_id = p_cafeteria_id and o.status in ('placed', 'accepted', 'preparing')
      and o.begin_at > p_at - interval '1 hour' and o.begin_at <= p_at + interval '10 minutes'
    order by o.begin_at desc limit 100
  ) due
$$;
