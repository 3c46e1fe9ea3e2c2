-- A count or a number of seconds. A domain, because Postgres parses a table's check constraints anew for every statement,
-- and every order writes a slot.
create domain quantity as integer check (value >= 0);

-- Pick-up slots: what a kitchen has promised, and how much more it can.
create table pickup_slots (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity_orders quantity not null,
  -- Null: not limited by time.
  capacity_make_seconds quantity,
  reserved_orders quantity not null default 0,
  reserved_make_seconds quantity not null default 0,
  closed boolean not null default false,
  unique (cafeteria_id, starts_at)
) with (fillfactor = 50);

-- The windows in which a cafeteria is open ('opening') or takes orders ('ordering'), from one local date to another.
create function opening_windows(p_cafeteria_id uuid, p_kind text, p_from date, p_to date)
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

-- The same question for one instant, asked for every order: two index look-ups instead of a series of days.
create function is_open(p_cafeteria_id uuid, p_time_zone text, p_kind text, p_at timestamptz) returns boolean
language plpgsql stable as $$
declare
  here constant timestamp := p_at at time zone p_time_zone;
  exception_today schedule_exceptions;
begin
  select * into exception_today from schedule_exceptions where cafeteria_id = p_cafeteria_id and date = here::date;
  if found then
    return coalesce(here::time >= exception_today.opens and here::time < exception_today.closes, false);
  end if;
  return exists (
    select from opening_hours
    where cafeteria_id = p_cafeteria_id and kind = p_kind and weekday = extract(isodow from here)
      and opens <= here::time and here::time < closes
  );
end $$;

-- The next time the doors open, within two weeks; null when they do not.
create function next_opening(p_cafeteria_id uuid, p_at timestamptz) returns timestamptz
language sql stable as $$
  select min(opens_at)
  from opening_windows(p_cafeteria_id, 'opening', (p_at - interval '1 day')::date, (p_at + interval '14 days')::date)
  where opens_at > p_at
$$;

-- The slots that the hours of the next days call for.
create function wanted_slots(p_cafeteria_id uuid, p_days integer)
returns table (starts_at timestamptz, ends_at timestamptz, capacity_orders integer, capacity_make_seconds integer)
language sql stable as $$
  select s.starts_at, s.starts_at + make_interval(mins => c.slot_minutes), c.slot_capacity_orders, c.slot_capacity_make_seconds
  from cafeterias c
  cross join lateral opening_windows(c.id, 'opening', (now() at time zone c.time_zone)::date,
    (now() at time zone c.time_zone)::date + p_days) w
  cross join lateral generate_series(w.opens_at, w.closes_at - make_interval(mins => c.slot_minutes),
    make_interval(mins => c.slot_minutes)) s (starts_at)
  where c.id = p_cafeteria_id and c.deleted_at is null and s.starts_at + make_interval(mins => c.slot_minutes) > now()
$$;

-- Makes the slots of the next days agree with the hours: opens the missing, reopens the fitting, closes the others.
-- Slots are closed rather than deleted, because orders refer to them, and keep their own capacity. Returns how many changed.
create function refresh_slots(p_cafeteria_id uuid, p_days integer default 7) returns integer
language plpgsql as $$
declare
  opened integer;
  shut integer;
begin
  -- One refresh of a cafeteria at a time: two would meet in its slots in different orders.
  perform from cafeterias where id = p_cafeteria_id for no key update;

  insert into pickup_slots as slot (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds)
  select p_cafeteria_id, w.starts_at, w.ends_at, w.capacity_orders, w.capacity_make_seconds
  from wanted_slots(p_cafeteria_id, p_days) w
  on conflict (cafeteria_id, starts_at) do update set ends_at = excluded.ends_at, closed = false
    where (slot.closed and slot.ends_at = excluded.ends_at) or (slot.reserved_orders = 0 and slot.ends_at <> excluded.ends_at);
  get diagnostics opened = row_count;

  update pickup_slots s set closed = true
  where s.cafeteria_id = p_cafeteria_id and s.ends_at > now() and not s.closed
    and not exists (
      select from wanted_slots(p_cafeteria_id, p_days) w where w.starts_at = s.starts_at and w.ends_at = s.ends_at
    );
  get diagnostics shut = row_count;
  return opened + shut;
end $$;

create function has_room(s pickup_slots, p_make_seconds bigint) returns boolean
language sql immutable as $$
  select s.reserved_orders < s.capacity_orders
    and (s.capacity_make_seconds is null or s.reserved_make_seconds + p_make_seconds <= s.capacity_make_seconds)
$$;

-- The first slot with room that ends after the food can be made; a null row when there is none.
create function next_free_slot(p_cafeteria_id uuid, p_at timestamptz, p_make_seconds bigint) returns pickup_slots
language sql stable as $$
  select * from pickup_slots s
  where s.cafeteria_id = p_cafeteria_id and s.starts_at > p_at - interval '2 hours'
    and s.ends_at > p_at + make_interval(secs => p_make_seconds) and not s.closed and has_room(s, p_make_seconds)
  order by s.starts_at limit 1
$$;
