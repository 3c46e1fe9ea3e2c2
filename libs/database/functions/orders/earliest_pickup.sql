-- The earliest moment at which an order of so much work could be handed over if it were placed at p_at, or as soon as orders are taken;
-- null when there is none within the slots to come. For refusals, which say it.
create or replace function earliest_pickup(
  p_cafeteria_id uuid, p_time_zone text, p_at timestamptz, p_make_seconds bigint, p_mealtimes uuid[]
) returns timestamptz
language plpgsql stable as $$
declare
  v_made_at timestamptz := p_at;
  today constant date := date_at(p_at, p_time_zone);
begin
  if not is_open(p_cafeteria_id, p_time_zone, 'ordering', p_at) then
    select min(opens_at) into v_made_at from opening_windows(p_cafeteria_id, 'ordering', today - 1, today + 7)
    where opens_at > p_at;
  end if;
  v_made_at := v_made_at + make_interval(secs => p_make_seconds);
  return (
    select greatest(s.starts_at, v_made_at) from pickup_slots s
    where s.cafeteria_id = p_cafeteria_id and s.starts_at > p_at - interval '2 hours' and s.ends_at > v_made_at
      and not s.closed and has_room(s, p_make_seconds)
      and all_served(p_cafeteria_id, p_time_zone, p_mealtimes, greatest(s.starts_at, v_made_at))
    order by s.starts_at limit 1
  );
end $$;
