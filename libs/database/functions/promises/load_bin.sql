-- Which element of promise_models.p50 and p90 is about a kitchen whose queue takes so long, 1 to 7: less than a minute, then each twice as
-- long as the one before.
create or replace function load_bin(p_wait_seconds integer) returns integer
language sql immutable as $$
  select 1 + width_bucket(p_wait_seconds, array[60, 120, 240, 480, 960, 1920])
$$;
