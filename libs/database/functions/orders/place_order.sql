-- Places an order in one statement: prices it, takes its stock and its place in a slot, charges the wallet, records it with its
-- event, or does nothing at all. What everybody wants (stock, then the slot) is taken last and in a fixed order, so that locks
-- are short and cannot cross.
--
-- Fewer statements would not be faster: plpgsql looks a row up by its key in 5 µs of processor time, and five inserts as one
-- statement of common table expressions take as long as one by one. What cost time were functions that Postgres cannot
-- inline, and documents that were built twice.
--
-- A null p_slot_id asks for the earliest slot, a null p_expected_total_cents accepts any total, and with a null p_latest_pickup_at the
-- earliest slot must be before closing. With p_quote_id the order has the slot, the total and the promised time of that quote, or is
-- refused; should that time have passed meanwhile, it is promised like any other order. A null p_provider is a card that was not given,
-- which is refused when there is something to pay. p_items is [{ product_id, quantity, modifier_ids, note }]. Returns the order, its
-- payment and what the API answers, or for a repeated key `replay`, as claim_idempotency_key returns it.
create or replace function place_order(
  p_user_id uuid, p_cafeteria_id uuid, p_slot_id uuid, p_items jsonb, p_payment_method text, p_provider text,
  p_expected_total_cents bigint, p_idempotency_key text, p_request_hash bytea, p_request_id text,
  p_latest_pickup_at timestamptz default null, p_quote_id uuid default null,
  out o orders, out payment payments, out answer json, out replay jsonb
)
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  at constant timestamptz := now();
  v_wallet constant boolean := p_payment_method = 'wallet';
  c cafeterias;
  slot pickup_slots;
  terms record;
  q quotes;
  estimate record;
  v_made_at timestamptz;
  v_estimated_at timestamptz := at;
  v_naive_seconds integer;
  v_next_slots boolean := p_slot_id is null;
  v_paid boolean;
  v_unpaid uuid[];
  v_pickup_at timestamptz;
  v_attempt integer := 1;
  taken record;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'place_order', p_request_hash);
    if replay is not null then
      return;
    end if;
  end if;

  if p_quote_id is not null then
    q := claim_quote(p_quote_id, p_user_id, p_cafeteria_id, p_slot_id, p_items);
  end if;
  select * into terms from order_terms(p_cafeteria_id, p_slot_id, p_items, at);
  c := terms.c;
  slot := terms.slot;
  if terms.total_cents <> p_expected_total_cents or terms.total_cents <> q.total_cents then
    perform refuse('price_changed', jsonb_build_object('total_cents', terms.total_cents));
  end if;

  -- Where there is nothing to pay no bank is asked.
  v_paid := v_wallet or terms.total_cents = 0;
  if not v_paid and p_provider is null then
    perform refuse('card_token_missing', '{"errors": [{"field": "payment.token", "message": "is needed to pay by card"}]}');
  elsif not v_paid then
    -- Orders of one customer wait for one another here, because two at once would both find room for one more.
    perform pg_advisory_xact_lock(hashtextextended('unpaid orders ' || p_user_id, 0));
    select array_agg(id order by id) into v_unpaid from orders
    where user_id = p_user_id and status = 'pending_payment' and deadline_at > at;
    if cardinality(v_unpaid) >= 2 then
      perform refuse('too_many_unpaid_orders', jsonb_build_object('order_ids', v_unpaid));
    end if;
  end if;

  if q.promised_at > at then
    v_made_at := q.promised_at;
    v_estimated_at := q.created_at;
    v_naive_seconds := q.naive_seconds;
    v_next_slots := false;
    if p_slot_id is null then
      select * into slot from pickup_slots where id = q.slot_id;
    end if;
  elsif slot.starts_at > at + make_interval(secs => terms.make_seconds + 7200) then
    -- No estimate reaches as far as that, so none is made.
    v_made_at := slot.starts_at;
  else
    select * into estimate from promise_estimate(c.id, c.cooks, at, terms.make_seconds);
    v_made_at := at + make_interval(secs => estimate.promised_seconds);
    v_naive_seconds := estimate.naive_seconds;
    if v_next_slots then
      slot := next_free_slot(c.id, at, v_made_at, terms.make_seconds);
    end if;
  end if;
  v_pickup_at := promise(c, slot, p_slot_id is null, at, v_made_at, terms.make_seconds, terms.mealtimes, terms.kept, p_latest_pickup_at);
  loop
    insert into orders (cafeteria_id, user_id, slot_id, status, total_cents, currency, make_seconds, payment_method,
      pickup_kind, pickup_at, pickup_until, promised_at, begin_at, naive_seconds, pickup_date, number, pickup_code, deadline_at,
      placed_at, items)
    values (c.id, p_user_id, slot.id, case when v_paid then 'placed' else 'pending_payment' end, terms.total_cents,
      c.currency, terms.make_seconds, p_payment_method,
      case when p_slot_id is null then 'asap' else 'slot' end, v_pickup_at, slot.ends_at, v_pickup_at,
      case when v_pickup_at > slot.starts_at then v_estimated_at else v_pickup_at - make_interval(secs => terms.make_seconds) end,
      case when v_pickup_at > slot.starts_at then v_naive_seconds end,
      date_at(v_pickup_at, c.time_zone), random_order_number(v_attempt), random_pickup_code(),
      case when v_paid then at + make_interval(secs => c.acceptance_seconds)
        else least(at + make_interval(secs => c.payment_seconds), slot.ends_at) end,
      case when v_paid then at end, terms.shown)
    on conflict (cafeteria_id, pickup_date, number) do nothing
    returning * into o;
    exit when found;
    v_attempt := v_attempt + 1;
  end loop;

  insert into order_items
  select i.id, o.id, i.position, i.product_id, i.name, i.quantity, i.unit_price_cents, i.modifiers, i.note, i.stock_taken
  from unnest(terms.kept) i;

  insert into events (order_id, cafeteria_id, version, type, actor_id, actor_role, request_id, data)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_user_id, 'customer', p_request_id, opened_order(o));

  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, case when v_paid and not v_wallet then 'none' else p_provider end, o.total_cents, o.currency,
    case when v_paid then 'captured' else 'pending' end,
    -- Should this process die before it has asked the provider, the worker asks what became of it.
    case when not v_paid then at + interval '30 seconds' end)
  returning * into payment;

  if v_wallet then
    perform debit_wallet(o, payment.id);
  end if;

  if v_paid and c.auto_accept then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  if terms.counted then
    for taken in
      select i.product_id, sum(i.quantity) as quantity from unnest(terms.kept) i
      where i.stock_taken group by i.product_id order by i.product_id
    loop
      update products set stock_quantity = stock_quantity - taken.quantity
      where id = taken.product_id and stock_quantity >= taken.quantity;
      if not found then
        perform refuse('product_unavailable', jsonb_build_object('product_id', taken.product_id,
          'available_quantity', (select stock_quantity from products where id = taken.product_id)));
      end if;
    end loop;
  end if;

  loop
    update pickup_slots s
    set reserved_orders = s.reserved_orders + 1, reserved_make_seconds = s.reserved_make_seconds + o.make_seconds
    where s.id = slot.id and not s.closed and has_room(s, o.make_seconds);
    exit when found;
    -- Another order has taken the last place meanwhile, so this one goes to the next slot with room, or is refused.
    if v_next_slots then
      slot := next_free_slot(c.id, at, v_made_at, terms.make_seconds);
    else
      select * into slot from pickup_slots where id = slot.id;
    end if;
    v_pickup_at := promise(c, slot, p_slot_id is null, at, v_made_at, terms.make_seconds, terms.mealtimes, terms.kept, p_latest_pickup_at);
    update orders set slot_id = slot.id, pickup_at = v_pickup_at, pickup_until = slot.ends_at, promised_at = v_pickup_at,
      begin_at = case when v_pickup_at > slot.starts_at then v_estimated_at else v_pickup_at - make_interval(secs => terms.make_seconds) end,
      naive_seconds = case when v_pickup_at > slot.starts_at then v_naive_seconds end,
      deadline_at = case when v_paid then deadline_at
        else least(at + make_interval(secs => c.payment_seconds), slot.ends_at) end
    where id = o.id returning * into o;
  end loop;

  answer := order_answer(o, payment, p_user_id);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'place_order', p_request_hash, o.id, case when v_paid then answer end);
  end if;
end $$;
