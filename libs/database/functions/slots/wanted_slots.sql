-- The slots to open on local dates, so that every moment in which the doors are open is in one slot. p_kept is the time of the
-- slots that stay as they are. A slot is shorter than usual where it would run into one of these or past closing.
--
-- Slots are laid out from the beginning of a stretch of opening hours and, in a stretch that lasts longer, again from each
-- midnight after the first, so that the layout of a day does not depend on when it is made.
create or replace function wanted_slots(p_cafeteria_id uuid, p_from date, p_to date, p_kept tstzmultirange)
returns table (starts_at timestamptz, ends_at timestamptz, capacity_orders integer, capacity_make_seconds integer)
language plpgsql stable as $$
declare
  c constant cafeterias := f from cafeterias f where f.id = p_cafeteria_id;
  slot_length constant interval := make_interval(mins => c.slot_minutes);
  first_moment constant timestamptz := instant_of(p_from, c.time_zone);
  end_moment constant timestamptz := instant_of(p_to + 1, c.time_zone);
begin
  if c.deleted_at is not null then
    return;
  end if;
  return query
  select lower(part), upper(part),
    slot_share(c.slot_capacity_orders, lower(part), upper(part), c.slot_minutes),
    slot_share(c.slot_capacity_make_seconds, lower(part), upper(part), c.slot_minutes)
  from (
    select run.begins_at, lead(run.begins_at, 1, w.closes_at) over (partition by w.opens_at order by run.begins_at) as over_at
    -- A night may have begun two days before, and the last slot may end on the day after.
    from opening_windows(c.id, 'opening', p_from - 3, p_to + 1) w
    cross join lateral (
      select w.opens_at as begins_at
      union all
      select instant_of(midnight.date, c.time_zone)
      from (
        select date_at(w.opens_at, c.time_zone) + n as date
        from generate_series(2, date_at(w.closes_at, c.time_zone) - date_at(w.opens_at, c.time_zone)) n
      ) midnight
      where instant_of(midnight.date, c.time_zone) < w.closes_at
    ) run
  ) run
  cross join lateral generate_series(run.begins_at, run.over_at - interval '1 microsecond', slot_length) cell (begins_at)
  cross join lateral tstzrange(cell.begins_at, least(cell.begins_at + slot_length, run.over_at)) whole
  cross join lateral unnest(tstzmultirange(whole) - p_kept) part
  where not whole <@ p_kept and lower(part) >= first_moment and lower(part) < end_moment;
end $$;
