-- When a mealtime of a cafeteria begins or ends next, today or tomorrow; null when it has none.
create or replace function next_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  today constant date := date_at(p_at, p_time_zone);
begin
  return (
    select min(moment) from menu_changes(p_cafeteria_id, p_time_zone, today - 1, today + 1) moment where moment > p_at
  );
end $$;
