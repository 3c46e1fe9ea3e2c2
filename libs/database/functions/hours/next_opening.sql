-- The next time the doors open, within two weeks; null when they do not, as when they never close.
create or replace function next_opening(p_cafeteria_id uuid, p_at timestamptz) returns timestamptz
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  today constant date := date_at(p_at, c.time_zone) from cafeterias c where c.id = p_cafeteria_id;
begin
  return (select min(w.opens_at) from opening_windows(p_cafeteria_id, 'opening', today - 1, today + 14) w where w.opens_at > p_at);
end $$;
