-- Whether a slot stays as it is while others around it are laid out anew: it has begun or something is reserved in it, and the
-- doors are open all the time.
create or replace function slot_stays(s pickup_slots, p_open_time tstzmultirange) returns boolean
language sql stable as $$
  select (s.reserved_orders > 0 or s.reserved_make_seconds > 0 or s.starts_at <= now())
    and tstzrange(s.starts_at, s.ends_at) <@ p_open_time
$$;
