-- Says what an order would cost and when it would be ready, and promises it for two minutes. It takes nothing: neither stock nor a place.
-- Arguments and refusals are those of place_order. Returns what the API answers (the schema `Quote` of services/orders).
create or replace function quote_order(
  p_user_id uuid, p_cafeteria_id uuid, p_slot_id uuid, p_items jsonb, p_latest_pickup_at timestamptz default null
) returns json
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  at constant timestamptz := now();
  terms record;
  c cafeterias;
  slot pickup_slots;
  estimate record;
  v_promised_at timestamptz;
  q quotes;
begin
  select * into terms from order_terms(p_cafeteria_id, p_slot_id, p_items, at);
  c := terms.c;
  slot := terms.slot;
  select * into estimate from promise_estimate(c.id, c.cooks, at, terms.make_seconds);
  v_promised_at := at + make_interval(secs => estimate.promised_seconds);
  if p_slot_id is null then
    slot := next_free_slot(c.id, at, v_promised_at, terms.make_seconds);
  end if;
  v_promised_at := promise(c, slot, p_slot_id is null, at, v_promised_at, terms.make_seconds, terms.mealtimes, terms.kept, p_latest_pickup_at);

  insert into quotes (user_id, cafeteria_id, slot_id, digest, total_cents, promised_at, naive_seconds, created_at, expires_at)
  values (p_user_id, c.id, slot.id, quote_digest(p_items, p_slot_id), terms.total_cents, v_promised_at, estimate.naive_seconds, at,
    at + interval '2 minutes')
  returning * into q;

  return json_build_object('quoteId', q.id, 'cafeteriaId', c.id, 'slotId', slot.id, 'items', (
      select json_agg(json_build_object('productId', i.product_id, 'name', i.name, 'quantity', i.quantity,
        'unitPriceCents', i.unit_price_cents, 'totalCents', i.unit_price_cents::bigint * i.quantity) order by i.position)
      from unnest(terms.kept) i
    ), 'totalCents', q.total_cents, 'currency', c.currency,
    'earliestPickupAt', earliest_pickup(c, at, terms.make_seconds, terms.mealtimes),
    'p50ReadyAt', case when q.promised_at > slot.starts_at then at + make_interval(secs => estimate.likely_seconds)
      else slot.starts_at end,
    'p90ReadyAt', q.promised_at, 'promisedAt', q.promised_at, 'pickupUntil', slot.ends_at, 'expiresAt', q.expires_at);
end $$;
