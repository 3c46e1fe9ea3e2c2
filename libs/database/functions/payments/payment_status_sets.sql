-- The sets of statuses of a payment. Single expressions, so that Postgres inlines them, and `payment_is_active` finds the index
-- payments_one_per_order, whose condition is the same.

-- The payment was made or may yet be: an order has at most one such.
create or replace function payment_is_active(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('pending', 'unknown', 'authorized', 'capturing', 'captured')
$$;

-- The provider has not decided yet.
create or replace function payment_is_undecided(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('pending', 'unknown')
$$;

-- The money is promised or taken.
create or replace function payment_is_paid(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('authorized', 'capturing', 'captured')
$$;

-- The money is taken, or will be: it can be given back by a refund only.
create or replace function payment_is_refundable(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('capturing', 'captured')
$$;
