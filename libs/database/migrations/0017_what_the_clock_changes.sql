-- What is shown changes by the clock too. Whoever keeps an answer asks here until when it is true.

-- When a mealtime of a cafeteria begins or ends next, today or tomorrow; null when it has none. The end still belongs to it.
create function next_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
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

-- When a cafeteria opens or closes next, for either kind of hours, or its day ends.
create function next_hours_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language sql stable as $$
  select least(
    (today.date + 1)::timestamp at time zone p_time_zone,
    (
      select min(moment)
      from (values ('opening'), ('ordering')) kind (name)
      cross join lateral opening_windows(p_cafeteria_id, kind.name, today.date, today.date) w
      cross join lateral (values (w.opens_at), (w.closes_at)) change (moment)
      where moment > p_at
    )
  )
  from (select (p_at at time zone p_time_zone)::date as date) today
$$;
