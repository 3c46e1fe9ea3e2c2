-- When to try again: in 2, 4, 8 … 300 seconds, up to a quarter sooner or later so that retries do not stay in step.
create or replace function retry_at(p_attempts integer) returns timestamptz
language sql volatile as $$
  select now() + make_interval(secs => least(300, 2 * 2 ^ least(p_attempts, 8)) * (0.75 + random() / 2))
$$;
