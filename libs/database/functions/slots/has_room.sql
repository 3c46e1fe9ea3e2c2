-- Whether a slot can take one more order of so many make-seconds.
create or replace function has_room(s pickup_slots, p_make_seconds bigint) returns boolean
language sql immutable as $$
  select s.reserved_orders < s.capacity_orders
    and (s.capacity_make_seconds is null or s.reserved_make_seconds + p_make_seconds <= s.capacity_make_seconds)
$$;
