-- The moment at which an order that waits for payment will be handed over when it is paid now, which is when the kitchen begins.
-- Refuses as promise does.
create or replace function renew_promise(o orders) returns timestamptz
language plpgsql stable as $$
declare
  c constant cafeterias := f from cafeterias f where f.id = o.cafeteria_id;
  slot constant pickup_slots := s from pickup_slots s where s.id = o.slot_id;
  lines order_items[];
  v_mealtimes uuid[];
begin
  select array_agg(i), array_agg(p.mealtime_id) filter (where p.mealtime_id is not null) into lines, v_mealtimes
  from order_items i join products p on p.id = i.product_id where i.order_id = o.id;
  return promise(c, slot, false, now(), o.make_seconds, v_mealtimes, lines, null);
end $$;
