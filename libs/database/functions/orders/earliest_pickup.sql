-- The earliest moment at which an order of so much work could be handed over if it were placed at p_at, or as soon as orders are taken;
-- null when there is none within the slots to come. For refusals, which say it, and for quotes.
--
-- The kitchen's queue and what was learnt of it count while orders are taken. An opening to come finds an empty kitchen.
create or replace function earliest_pickup(c cafeterias, p_at timestamptz, p_make_seconds bigint, p_mealtimes uuid[]) returns timestamptz
language plpgsql stable as $$
declare
  v_made_at timestamptz;
  today constant date := date_at(p_at, c.time_zone);
begin
  if is_open(c.id, c.time_zone, 'ordering', p_at) then
    select p_at + make_interval(secs => e.promised_seconds) into v_made_at
    from promise_estimate(c.id, c.cooks, p_at, p_make_seconds) e;
  else
    select min(opens_at) + make_interval(secs => p_make_seconds) into v_made_at
    from opening_windows(c.id, 'ordering', today - 1, today + 7)
    where opens_at > p_at;
  end if;
  return (
    select greatest(s.starts_at, v_made_at) from pickup_slots s
    where s.cafeteria_id = c.id and s.starts_at > p_at - interval '2 hours' and s.ends_at > v_made_at
      and not s.closed and has_room(s, p_make_seconds)
      and all_served(c.id, c.time_zone, p_mealtimes, greatest(s.starts_at, v_made_at))
    order by s.starts_at limit 1
  );
end $$;
