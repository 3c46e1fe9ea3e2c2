-- When a cafeteria opens or closes next, for either kind of hours, or its day ends.
create or replace function next_hours_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
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
