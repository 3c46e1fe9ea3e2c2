-- When a mealtime of a cafeteria begins or ends next, today or tomorrow; null when it has none. The end still belongs to it.
create or replace function next_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language sql stable as $$
  select min(moment)
  from mealtimes t
  cross join generate_series(0, 1) days
  cross join lateral (select (p_at at time zone p_time_zone)::date + days as date) day
  cross join lateral (values
    ((day.date + t.starts) at time zone p_time_zone),
    ((day.date + t.ends) at time zone p_time_zone + interval '1 microsecond')
  ) change (moment)
  where t.cafeteria_id = p_cafeteria_id and moment > p_at
$$;
