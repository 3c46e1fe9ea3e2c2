-- When a mealtime of a cafeteria last began or ended, today or yesterday; null when it has none.
create or replace function last_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  today constant date := date_at(p_at, p_time_zone);
begin
  return (
    select max(moment) from menu_changes(p_cafeteria_id, p_time_zone, today - 2, today) moment where moment <= p_at
  );
end $$;
