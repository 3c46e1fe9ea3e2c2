-- What is promised for an order that waits for payment when it is paid now, which is when the kitchen begins: the columns of orders of the
-- same names. Refuses as promise does.
create or replace function renew_promise(o orders, out promised_at timestamptz, out begin_at timestamptz, out naive_seconds integer)
language plpgsql stable as $$
declare
  c constant cafeterias := f from cafeterias f where f.id = o.cafeteria_id;
  slot constant pickup_slots := s from pickup_slots s where s.id = o.slot_id;
  lines order_items[];
  v_mealtimes uuid[];
  estimate record;
begin
  select array_agg(i), array_agg(p.mealtime_id) filter (where p.mealtime_id is not null) into lines, v_mealtimes
  from order_items i join products p on p.id = i.product_id where i.order_id = o.id;
  select * into estimate from promise_estimate(c.id, c.cooks, now(), o.make_seconds);
  promised_at := promise(c, slot, false, now(), now() + make_interval(secs => estimate.promised_seconds), o.make_seconds, v_mealtimes,
    lines, null);
  if promised_at > slot.starts_at then
    begin_at := now();
    naive_seconds := estimate.naive_seconds;
  else
    begin_at := promised_at - make_interval(secs => o.make_seconds);
  end if;
end $$;
