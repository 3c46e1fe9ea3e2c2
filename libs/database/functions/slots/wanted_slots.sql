-- The slots that the hours of the next days call for.
create or replace function wanted_slots(p_cafeteria_id uuid, p_days integer)
returns table (starts_at timestamptz, ends_at timestamptz, capacity_orders integer, capacity_make_seconds integer)
language sql stable as $$
  select s.starts_at, s.starts_at + make_interval(mins => c.slot_minutes), c.slot_capacity_orders, c.slot_capacity_make_seconds
  from cafeterias c
  cross join lateral opening_windows(c.id, 'opening', (now() at time zone c.time_zone)::date,
    (now() at time zone c.time_zone)::date + p_days) w
  cross join lateral generate_series(w.opens_at, w.closes_at - make_interval(mins => c.slot_minutes),
    make_interval(mins => c.slot_minutes)) s (starts_at)
  where c.id = p_cafeteria_id and c.deleted_at is null and s.starts_at + make_interval(mins => c.slot_minutes) > now()
$$;
