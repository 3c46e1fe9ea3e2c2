-- The windows in which a cafeteria is open ('opening') or takes orders ('ordering'), from one local date to another.
create or replace function opening_windows(p_cafeteria_id uuid, p_kind text, p_from date, p_to date)
returns table (opens_at timestamptz, closes_at timestamptz)
language sql stable as $$
  select (day.date + hours.opens) at time zone c.time_zone, (day.date + hours.closes) at time zone c.time_zone
  from cafeterias c
  cross join lateral (select d::date as date from generate_series(p_from, p_to, interval '1 day') d) day
  left join schedule_exceptions e on e.cafeteria_id = c.id and e.date = day.date
  cross join lateral (
    select e.opens, e.closes where e.opens is not null
    union all
    select h.opens, h.closes from opening_hours h
    where e.id is null and h.cafeteria_id = c.id and h.kind = p_kind and h.weekday = extract(isodow from day.date)
  ) hours
  where c.id = p_cafeteria_id
$$;
