-- The sets of statuses of libs/ordering, which a test compares with these. Single expressions, so that Postgres inlines them.

-- The order is over and never reopens.
create or replace function order_is_closed(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('rejected', 'collected', 'uncollected', 'expired', 'cancelled')
$$;

-- The kitchen has not begun: neither stock nor the kitchen's time is spent.
create or replace function order_is_unstarted(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('pending_payment', 'placed', 'accepted')
$$;

-- The order came to nothing: what was paid goes back.
create or replace function order_fell_through(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('rejected', 'expired', 'cancelled')
$$;

-- The order counts as sold: it was paid or authorised, and its money stays.
create or replace function order_is_sold(p_status text) returns boolean
language sql immutable as $$
  select p_status not in ('pending_payment', 'rejected', 'expired', 'cancelled')
$$;
