-- The next time the doors open, within two weeks; null when they do not.
create or replace function next_opening(p_cafeteria_id uuid, p_at timestamptz) returns timestamptz
language sql stable as $$
  select min(opens_at)
  from opening_windows(p_cafeteria_id, 'opening', (p_at - interval '1 day')::date, (p_at + interval '14 days')::date)
  where opens_at > p_at
$$;
