-- When the mealtimes of a cafeteria that begin from one local date to another begin and end. The end still belongs to a mealtime,
-- so what it changes begins just after.
create or replace function menu_changes(p_cafeteria_id uuid, p_time_zone text, p_from date, p_to date) returns setof timestamptz
language sql stable as $$
  select moment
  from mealtimes t
  cross join generate_series(0, p_to - p_from) days
  cross join lateral (values
    (instant_of(p_from + days + t.starts, p_time_zone)),
    (instant_of(local_end(p_from + days, t.starts, t.ends), p_time_zone) + interval '1 microsecond')
  ) change (moment)
  where t.cafeteria_id = p_cafeteria_id
$$;
