-- A number for an order of a cafeteria and a day, short enough to be called out, that may be taken already: the next attempt has a digit
-- more, so that a busy day does not try for long. It is random, because a counter would make all orders of a cafeteria wait for one
-- another, and would tell customers how much is sold. It is one expression, so that Postgres inlines it.
create or replace function random_order_number(p_attempt integer) returns integer
language sql volatile as $$
  select case p_attempt when 1 then random(1000, 9999) when 2 then random(10000, 99999) else random(100000, 999999) end
$$;
