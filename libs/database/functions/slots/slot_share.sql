-- How much of a slot's capacity one of this length has: all of it when it has the usual length, and its share, rounded up, when
-- it is shorter or longer. Null stays null.
create or replace function slot_share(p_capacity integer, p_starts_at timestamptz, p_ends_at timestamptz, p_slot_minutes integer)
returns integer
language sql immutable as $$
  select ceil(p_capacity * extract(epoch from p_ends_at - p_starts_at) / (60 * p_slot_minutes))::integer
$$;
