-- The mealtimes of a cafeteria that are on at an instant. The end still belongs to a mealtime.
create or replace function served_mealtimes(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns setof uuid
language sql stable as $$
  select t.id
  from mealtimes t
  cross join generate_series(0, 1) ago
  cross join lateral (select date_at(p_at, p_time_zone) - ago as date) day
  where t.cafeteria_id = p_cafeteria_id and (ago = 0 or t.ends < t.starts)
    and p_at between instant_of(day.date + t.starts, p_time_zone)
      and instant_of(local_end(day.date, t.starts, t.ends), p_time_zone)
$$;
