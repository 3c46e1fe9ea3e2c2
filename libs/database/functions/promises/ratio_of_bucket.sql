-- The ratio that stands for what promise_ratios counts in an element (ratio_bucket): exactly 1 for the one in the middle.
create or replace function ratio_of_bucket(p_bucket integer) returns double precision
language sql immutable as $$
  select 1.05::double precision ^ (p_bucket - 49)
$$;
