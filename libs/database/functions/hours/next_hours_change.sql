-- When a cafeteria opens or closes next, for either kind of hours, or its day ends.
create or replace function next_hours_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  today constant date := date_at(p_at, p_time_zone);
begin
  return least(instant_of(today + 1, p_time_zone), (
    select min(moment)
    from (values ('opening'), ('ordering')) kind (name)
    cross join lateral opening_windows(p_cafeteria_id, kind.name, today - 1, today) w
    cross join lateral (values (w.opens_at), (w.closes_at)) change (moment)
    where moment > p_at
  ));
end $$;
