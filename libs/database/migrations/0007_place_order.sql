-- Placing an order, in one statement. What everybody wants (stock, then the slot) is taken last and in a fixed order, so
-- that locks are short and cannot cross. A refusal raises SQLSTATE 'CM001' with a code as message and JSON as detail:
-- the whole statement rolls back, so nothing is ever half done.

create function refuse(p_code text, p_detail jsonb default '{}') returns void
language plpgsql as $$
begin
  raise exception using errcode = 'CM001', message = p_code, detail = p_detail::text;
end $$;

-- What the first call with this key was answered, or null for a new key. Refuses the same key with another body, and a
-- call whose first is still under way: in this instant (the lock) or waiting for a payment provider (no answer yet).
create function claim_idempotency_key(p_user_id uuid, p_key text, p_operation text, p_request_hash bytea) returns jsonb
language plpgsql as $$
declare
  first idempotency_keys;
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_key, hashtext(p_user_id::text))) then
    perform refuse('idempotency_key_in_use');
  end if;
  select * into first from idempotency_keys where user_id = p_user_id and key = p_key;
  if not found then
    return null;
  end if;
  if first.operation <> p_operation or first.request_hash <> p_request_hash then
    perform refuse('idempotency_key_reused');
  end if;
  -- A process that died while it waited leaves no answer; after half a minute today's state is the answer.
  if first.answer is null and first.created_at > now() - interval '30 seconds' then
    perform refuse('idempotency_key_in_use');
  end if;
  return jsonb_build_object('subject_id', first.subject_id, 'answer', first.answer);
end $$;

-- 32 letters and digits that are not mistaken for one another, so a million codes.
create function random_pickup_code() returns text
language sql volatile as $$
  select string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + floor(random() * 32)::integer, 1), '') from generate_series(1, 4)
$$;

-- Prices the lines of an order as the menu stands. Returns the rows for order_items, the sums, and for the first line
-- that cannot be ordered a code and what it is about.
create function price_lines(
  p_cafeteria_id uuid, p_time_zone text, p_items jsonb, p_pickup_at timestamptz
)
returns table (items order_items[], total_cents bigint, make_seconds bigint, problem text, problem_detail jsonb)
language sql stable as $$
  with priced as (
    select l.position, l.product_id, l.quantity, l.note, p.name, p.price_cents + coalesce(m.delta, 0) as unit_price_cents,
      p.make_seconds, coalesce(m.chosen, '[]') as modifiers, p.stock_quantity is not null as counted,
      case
        when p.id is null then 'product_unknown'
        when not p.available or p.stock_quantity < l.quantity then 'product_unavailable'
        when t.id is not null and not (p_pickup_at at time zone p_time_zone)::time between t.starts and t.ends
          then 'product_not_served'
        when cardinality(l.modifier_ids) > coalesce(m.matched, 0) then 'modifier_unknown'
        when g.name is not null then 'modifier_choice_invalid'
        when p.price_cents + coalesce(m.delta, 0) < 0 then 'modifier_choice_invalid'
      end as problem,
      jsonb_strip_nulls(jsonb_build_object('line', l.position - 1, 'product_id', l.product_id, 'available_quantity',
        p.stock_quantity, 'group', g.name, 'min_select', g.min_select, 'max_select', g.max_select)) as problem_detail
    from rows from (
      jsonb_to_recordset(p_items) as (product_id uuid, quantity integer, modifier_ids uuid[], note text)
    ) with ordinality as l (product_id, quantity, modifier_ids, note, position)
    left join products p on p.id = l.product_id and p.cafeteria_id = p_cafeteria_id and p.deleted_at is null
    left join mealtimes t on t.id = p.mealtime_id
    left join lateral (
      select count(*) as matched, sum(x.price_delta_cents)::integer as delta,
        jsonb_agg(jsonb_build_object('modifier_id', x.id, 'name', x.name, 'price_delta_cents', x.price_delta_cents)
          order by pg.position, x.position, x.id) as chosen
      from product_modifier_groups pg
      join modifiers x on x.group_id = pg.group_id
      where pg.product_id = l.product_id and x.id = any (l.modifier_ids) and x.available and x.deleted_at is null
    ) m on cardinality(l.modifier_ids) > 0
    left join lateral (
      select mg.name, mg.min_select, mg.max_select
      from product_modifier_groups pg
      join modifier_groups mg on mg.id = pg.group_id and mg.deleted_at is null
      where pg.product_id = l.product_id and (
        select count(*) from modifiers x where x.group_id = mg.id and x.id = any (l.modifier_ids)
      ) not between mg.min_select and mg.max_select
      order by pg.position limit 1
    ) g on true
  )
  select
    array_agg(row (uuidv7(), null, position, product_id, name, quantity, unit_price_cents, modifiers, note, counted)::order_items
      order by position),
    sum(unit_price_cents::bigint * quantity),
    sum(make_seconds::bigint * quantity),
    (array_agg(problem order by position) filter (where problem is not null))[1],
    (array_agg(problem_detail order by position) filter (where problem is not null))[1]
  from priced
$$;

-- An order in a slot: within it, but not before the food can be made.
create function in_slot(o orders, slot pickup_slots) returns orders
language plpgsql stable as $$
declare
  ready_at constant timestamptz := o.created_at + make_interval(secs => o.make_seconds);
begin
  o.slot_id := slot.id;
  o.pickup_at := greatest(slot.starts_at, ready_at);
  o.pickup_until := greatest(slot.ends_at, ready_at);
  o.promised_at := o.pickup_at;
  return o;
end $$;

-- p_order: { cafeteria_id, items: [{ product_id, quantity, modifier_ids, note }], slot_id (null: as soon as possible),
-- payment_method, provider, expected_total_cents }. Returns { order } or, for a repeated key, { replay: { subject_id, answer } }.
create function place_order(
  p_user_id uuid, p_order jsonb, p_idempotency_key text, p_request_hash bytea, p_request_id text
) returns jsonb
language plpgsql as $$
declare
  at constant timestamptz := now();
  v_expected bigint := (p_order ->> 'expected_total_cents')::bigint;
  v_slot_id uuid := (p_order ->> 'slot_id')::uuid;
  v_wallet constant boolean := p_order ->> 'payment_method' = 'wallet';
  replay jsonb;
  c cafeterias;
  slot pickup_slots;
  priced record;
  o orders;
  payment payments;
  taken record;
  answer jsonb;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'place_order', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay);
    end if;
  end if;

  select * into c from cafeterias where id = (p_order ->> 'cafeteria_id')::uuid and deleted_at is null;
  if not found then
    perform refuse('cafeteria_unknown');
  elsif c.paused_at is not null then
    perform refuse('cafeteria_paused', jsonb_build_object('reason', c.pause_reason));
  elsif not is_open(c.id, c.time_zone, 'ordering', at) then
    perform refuse('cafeteria_closed');
  end if;

  if v_slot_id is not null then
    select * into slot from pickup_slots where id = v_slot_id and cafeteria_id = c.id;
    if not found then
      perform refuse('slot_unknown');
    elsif slot.closed or slot.ends_at <= at then
      perform refuse('slot_closed');
    end if;
  end if;

  select * into priced
  from price_lines(c.id, c.time_zone, p_order -> 'items', greatest(slot.starts_at, at));
  if priced.problem is not null then
    perform refuse(priced.problem, priced.problem_detail);
  elsif priced.total_cents <> v_expected then
    perform refuse('price_changed', jsonb_build_object('total_cents', priced.total_cents));
  end if;

  if v_slot_id is null then
    slot := next_free_slot(c.id, at, priced.make_seconds);
    if slot.id is null then
      perform refuse('no_slot_available');
    end if;
  elsif not has_room(slot, priced.make_seconds) then
    perform refuse('slot_full');
  end if;

  o.id := uuidv7();
  o.cafeteria_id := c.id;
  o.user_id := p_user_id;
  o.status := case when v_wallet then 'placed' else 'pending_payment' end;
  o.version := 1;
  o.total_cents := priced.total_cents;
  o.currency := c.currency;
  o.make_seconds := priced.make_seconds;
  o.payment_method := p_order ->> 'payment_method';
  o.created_at := at;
  o.updated_at := at;
  o.placed_at := case when v_wallet then at end;
  o.deadline_at := at + make_interval(secs => case when v_wallet then c.acceptance_seconds else c.payment_seconds end);
  o := in_slot(o, slot);
  o.pickup_date := (o.pickup_at at time zone c.time_zone)::date;
  loop
    o.pickup_code := random_pickup_code();
    insert into orders select o.* on conflict (cafeteria_id, pickup_date, pickup_code) do nothing;
    exit when found;
  end loop;

  insert into order_items
  select i.id, o.id, i.position, i.product_id, i.name, i.quantity, i.unit_price_cents, i.modifiers, i.note, i.stock_taken
  from unnest(priced.items) i;
  perform append_order_event(o, p_user_id, 'customer', p_request_id);

  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, p_order ->> 'provider', o.total_cents, o.currency,
    case when v_wallet then 'captured' else 'pending' end,
    -- Should this process die before it has asked the provider, the worker asks what became of it.
    case when not v_wallet then at + interval '30 seconds' end)
  returning * into payment;

  if v_wallet then
    perform debit_wallet(o, payment.id);
  end if;

  if v_wallet and c.auto_accept then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  for taken in
    select i.product_id, sum(i.quantity) as quantity from unnest(priced.items) i
    where i.stock_taken group by i.product_id order by i.product_id
  loop
    update products set stock_quantity = stock_quantity - taken.quantity
    where id = taken.product_id and stock_quantity >= taken.quantity;
    if not found then
      perform refuse('product_unavailable', jsonb_build_object('product_id', taken.product_id,
        'available_quantity', (select stock_quantity from products where id = taken.product_id)));
    end if;
  end loop;

  loop
    update pickup_slots s
    set reserved_orders = s.reserved_orders + 1, reserved_make_seconds = s.reserved_make_seconds + o.make_seconds
    where s.id = slot.id and not s.closed and has_room(s, o.make_seconds);
    exit when found;
    if v_slot_id is not null then
      perform refuse('slot_full');
    end if;
    -- Somebody took the last place since we looked: the next one will do.
    slot := next_free_slot(c.id, at, priced.make_seconds);
    if slot.id is null then
      perform refuse('no_slot_available');
    end if;
    o := in_slot(o, slot);
    update orders set slot_id = o.slot_id, pickup_at = o.pickup_at, pickup_until = o.pickup_until, promised_at = o.promised_at
    where id = o.id;
  end loop;

  answer := order_document(o, priced.items, payment);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'place_order', p_request_hash, o.id, case when v_wallet then answer end);
  end if;
  return jsonb_build_object('order', answer);
end $$;
