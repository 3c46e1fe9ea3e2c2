-- Which element of promise_models.p50 and p90 is about a kitchen whose queue takes so long, 1 to 7: less than a minute, then each twice as
-- long as the one before.
create or replace function load_bin(p_wait_seconds integer) returns integer
language sql immutable as $$
  select case when p_wait_seconds < 60 then 1 else least(2 + floor(log(2, p_wait_seconds / 60.0))::integer, 7) end
$$;
