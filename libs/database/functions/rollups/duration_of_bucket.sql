-- The duration in seconds that stands for what a histogram counts in an element (duration_bucket): no duration in it is further than 2.5%
-- from this one.
create or replace function duration_of_bucket(p_bucket integer) returns double precision
language sql immutable as $$
  select 2 * 1.05::double precision ^ (p_bucket - 1) / 2.05
$$;
