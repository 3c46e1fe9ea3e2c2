-- The moment at which an order that is placed at p_at, and made at p_made_at, will be handed over from a slot: when the slot begins, or
-- later, when the food is made. Everything that depends on the time of day is judged at this moment. Refuses with the earliest possible
-- pick-up when it is not within the slot, later than the customer wants, or outside of a mealtime.
--
-- A null slot is one that was not found. Without p_latest_at, an order for as soon as possible is wanted before closing.
create or replace function promise(
  c cafeterias, slot pickup_slots, p_as_soon_as_possible boolean, p_at timestamptz, p_made_at timestamptz, p_make_seconds bigint,
  p_mealtimes uuid[], p_lines order_items[], p_latest_at timestamptz
) returns timestamptz
language plpgsql stable as $$
declare
  v_pickup_at constant timestamptz := greatest(slot.starts_at, p_made_at);
  v_latest_at timestamptz := p_latest_at;
  v_problem text;
  v_detail jsonb := '{}';
begin
  -- What begins before now is of the opening hours that are under way, so there is no closing to look for.
  if p_latest_at is null and p_as_soon_as_possible and slot.starts_at > p_at then
    v_latest_at := coalesce(todays_closing(c.id, c.time_zone, p_at), p_at);
  end if;

  if slot.id is null then
    v_problem := 'no_slot_available';
  elsif slot.closed or slot.ends_at <= p_at then
    v_problem := 'slot_closed';
  elsif v_pickup_at >= slot.ends_at then
    v_problem := 'slot_too_soon';
  elsif v_pickup_at > v_latest_at then
    v_problem := 'pickup_too_late';
    v_detail := jsonb_build_object('latest_pickup_at', v_latest_at);
  elsif not has_room(slot, p_make_seconds) then
    v_problem := 'slot_full';
  elsif not all_served(c.id, c.time_zone, p_mealtimes, v_pickup_at) then
    v_problem := 'product_not_served';
    select jsonb_build_object('line', i.position - 1, 'product_id', i.product_id) into v_detail
    from unnest(p_lines) i join products p on p.id = i.product_id
    where p.mealtime_id not in (select served_mealtimes(c.id, c.time_zone, v_pickup_at))
    order by i.position limit 1;
  end if;
  if v_problem is not null then
    perform refuse(v_problem, v_detail || jsonb_build_object('earliest_pickup_at',
      earliest_pickup(c, p_at, p_make_seconds, p_mealtimes)));
  end if;
  return v_pickup_at;
end $$;
