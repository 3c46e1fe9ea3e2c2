-- The stretches of time in which a cafeteria is open ('opening') or takes orders ('ordering'), of the hours that begin from one
-- local date to another. Hours that adjoin or overlap are one stretch.
create or replace function opening_windows(p_cafeteria_id uuid, p_kind text, p_from date, p_to date)
returns table (opens_at timestamptz, closes_at timestamptz)
language sql stable as $$
  select lower(stretch), upper(stretch)
  from (
    select range_agg(tstzrange(instant_of(h.opens, c.time_zone), instant_of(h.closes, c.time_zone))) as stretches
    from cafeterias c cross join lateral hours_of_dates(p_cafeteria_id, p_kind, p_from, p_to) h
    where c.id = p_cafeteria_id
  ) merged cross join lateral unnest(merged.stretches) stretch
$$;
