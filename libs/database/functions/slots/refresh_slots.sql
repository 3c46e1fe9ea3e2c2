-- Makes the slots of the next days agree with the hours and the settings of slots: closes those that do not fit, opens slots
-- where there are none, and gives all of them their capacity. A slot that has begun or in which something is reserved fits as
-- long as the doors are open, whatever its length. Slots are closed rather than deleted, because orders refer to them.
-- A null p_days asks for all days that have slots already, and for a week at least. Returns how many changes were made.
create or replace function refresh_slots(p_cafeteria_id uuid, p_days integer default null) returns integer
language plpgsql as $$
declare
  most_days constant integer := 60;
  c cafeterias;
  today date;
  yesterday_began timestamptz;
  last_day date;
  horizon timestamptz;
  open_time tstzmultirange := '{}';
  kept tstzmultirange;
  changed integer;
  total integer := 0;
begin
  -- One refresh of a cafeteria at a time: two would meet in its slots in different orders.
  select * into c from cafeterias where id = p_cafeteria_id for no key update;
  today := date_at(now(), c.time_zone);
  yesterday_began := instant_of(today - 1, c.time_zone);
  last_day := today + coalesce(p_days, 7);
  if p_days is null then
    select greatest(last_day, date_at(max(s.starts_at), c.time_zone)) into last_day
    from pickup_slots s
    where s.cafeteria_id = c.id and not s.closed and s.starts_at < instant_of(today + most_days + 1, c.time_zone);
  end if;
  horizon := instant_of(last_day + 1, c.time_zone);
  if c.deleted_at is null then
    select coalesce(range_agg(tstzrange(w.opens_at, w.closes_at)), '{}') into open_time
    from opening_windows(c.id, 'opening', today - 3, last_day + 1) w;
  end if;

  select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)), '{}') into kept
  from pickup_slots s
  where s.cafeteria_id = c.id and s.starts_at >= yesterday_began and s.starts_at < horizon and not s.closed
    and slot_stays(s, open_time);
  update pickup_slots s set closed = true
  where s.cafeteria_id = c.id and s.ends_at > now() and s.starts_at < horizon and not s.closed
    -- Postgres checks this anew when an order has just taken a place in the slot.
    and not slot_stays(s, open_time)
    and not exists (
      select from wanted_slots(c.id, today - 1, last_day, kept) w where w.starts_at = s.starts_at and w.ends_at = s.ends_at
    );
  get diagnostics changed = row_count;
  total := total + changed;

  -- What is still open stays, and slots fill the time between. One that was closed and begins with a new one becomes that.
  select coalesce(range_agg(tstzrange(s.starts_at, s.ends_at)), '{}') into kept
  from pickup_slots s
  where s.cafeteria_id = c.id and s.starts_at >= yesterday_began and not s.closed;
  insert into pickup_slots (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds)
  select c.id, w.starts_at, w.ends_at, w.capacity_orders, w.capacity_make_seconds
  from wanted_slots(c.id, today - 1, last_day, kept) w where w.ends_at > now()
  on conflict (cafeteria_id, starts_at) do update set ends_at = excluded.ends_at, capacity_orders = excluded.capacity_orders,
    capacity_make_seconds = excluded.capacity_make_seconds, closed = false;
  get diagnostics changed = row_count;
  total := total + changed;

  update pickup_slots s
  set capacity_orders = slot_share(c.slot_capacity_orders, s.starts_at, s.ends_at, c.slot_minutes),
    capacity_make_seconds = slot_share(c.slot_capacity_make_seconds, s.starts_at, s.ends_at, c.slot_minutes)
  where s.cafeteria_id = c.id and s.ends_at > now() and s.starts_at < horizon and not s.closed
    and (s.capacity_orders, s.capacity_make_seconds) is distinct from (
      slot_share(c.slot_capacity_orders, s.starts_at, s.ends_at, c.slot_minutes),
      slot_share(c.slot_capacity_make_seconds, s.starts_at, s.ends_at, c.slot_minutes)
    );
  get diagnostics changed = row_count;
  return total + changed;
end $$;
