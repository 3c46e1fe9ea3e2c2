-- The first slot with room that ends after the food is made, which is at p_made_at; a null row when there is none.
create or replace function next_free_slot(p_cafeteria_id uuid, p_at timestamptz, p_made_at timestamptz, p_make_seconds bigint)
returns pickup_slots
language sql stable as $$
  select * from pickup_slots s
  where s.cafeteria_id = p_cafeteria_id and s.starts_at > p_at - interval '2 hours'
    and s.ends_at > p_made_at and not s.closed and has_room(s, p_make_seconds)
  order by s.starts_at limit 1
$$;
