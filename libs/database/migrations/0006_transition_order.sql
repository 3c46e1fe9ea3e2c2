-- Moving an order: one conditional update, its event and everything that hangs on it, in the caller's transaction.

-- What a phone shows as a QR code, and the till reads: the order and its pick-up code.
create function qr_payload(o orders) returns text
language sql immutable as $$
  select 'comanda:collect:' || o.id || ':' || o.pickup_code
$$;

-- An order as the API shows it, in snake_case, from rows at hand.
create function order_document(o orders, items order_items[], payment payments) returns jsonb
language sql immutable as $$
  select to_jsonb(o) || jsonb_build_object(
    'qr_payload', qr_payload(o),
    'items', (
      select jsonb_agg(jsonb_build_object('id', i.id, 'product_id', i.product_id, 'name', i.name, 'quantity', i.quantity,
        'unit_price_cents', i.unit_price_cents, 'modifiers', i.modifiers, 'note', i.note) order by i.position)
      from unnest(items) i
    ),
    'payment', case when payment.id is not null then jsonb_build_object('id', payment.id, 'provider', payment.provider,
      'status', payment.status, 'amount_cents', payment.amount_cents, 'refunded_cents', payment.refunded_cents,
      'decline_code', payment.decline_code) end
  )
$$;

create function order_document(o orders) returns jsonb
language sql stable as $$
  select order_document(o,
    array(select i from order_items i where i.order_id = o.id),
    (select p from payments p where p.order_id = o.id order by p.created_at desc, p.id desc limit 1))
$$;

create function append_order_event(o orders, p_actor_id uuid, p_actor_role text, p_request_id text) returns void
language sql as $$
  insert into order_events (order_id, cafeteria_id, version, type, actor_id, actor_role, reason, request_id)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_actor_id, p_actor_role,
    case when o.status in ('rejected', 'cancelled') then o.reason end, p_request_id)
$$;

-- Gives back what an order held: stock first, in product order, then its place, as placing takes them.
create function release_holds(o orders) returns void
language plpgsql as $$
declare
  taken record;
begin
  for taken in
    select product_id, sum(quantity) as quantity from order_items
    where order_id = o.id and stock_taken group by product_id order by product_id
  loop
    update products set stock_quantity = stock_quantity + taken.quantity
    where id = taken.product_id and stock_quantity is not null;
  end loop;
  update pickup_slots
  set reserved_orders = reserved_orders - 1, reserved_make_seconds = reserved_make_seconds - o.make_seconds
  where id = o.slot_id;
end $$;

-- Returns the money of an order that fell through: a wallet at once, a card through the worker.
create function return_payment(o orders, p_actor_id uuid) returns void
language plpgsql as $$
declare
  p payments;
begin
  select * into p from payments
  where order_id = o.id and status in ('pending', 'unknown', 'authorized', 'capturing', 'captured') for no key update;
  if not found then
    return;
  end if;
  if p.status = 'authorized' then
    update payments set status = 'voiding', next_attempt_at = now(), updated_at = now() where id = p.id;
  elsif p.status in ('capturing', 'captured') and p.amount_cents > p.refunded_cents then
    perform open_refund(p, o.cafeteria_id, p.amount_cents - p.refunded_cents, coalesce(o.reason, o.status), p_actor_id);
  end if;
  -- pending and unknown: the worker finds out what became of it, and voids it if it went through.
end $$;

-- The conditional update. Returns the order after the move, or null when status, version or deadline did not allow it.
-- p_only_if_due: for timers, so that a sweep that comes late does nothing.
create function transition_order(
  p_order_id uuid, p_from text[], p_to text, p_actor_id uuid, p_actor_role text, p_reason text default null,
  p_request_id text default null, p_expected_version integer default null, p_pickup_code text default null,
  p_only_if_due boolean default false
) returns orders
language plpgsql as $$
declare
  change record;
  o orders;
begin
  update orders set
    status = p_to,
    version = orders.version + 1,
    updated_at = now(),
    reason = coalesce(p_reason, orders.reason),
    placed_at = case p_to when 'placed' then now() else orders.placed_at end,
    accepted_at = case p_to when 'accepted' then now() else orders.accepted_at end,
    started_at = case p_to when 'preparing' then coalesce(orders.started_at, now()) else orders.started_at end,
    ready_at = case p_to when 'ready' then now() else orders.ready_at end,
    closed_at = case when p_to in ('rejected', 'collected', 'uncollected', 'expired', 'cancelled') then now() end,
    deadline_at = case p_to
      when 'placed' then now() + make_interval(secs => c.acceptance_seconds)
      when 'ready' then greatest(orders.pickup_until, now()) + make_interval(secs => c.collection_seconds)
    end
  from cafeterias c
  where orders.id = p_order_id and c.id = orders.cafeteria_id
    and orders.status = any (p_from)
    and (p_expected_version is null or orders.version = p_expected_version)
    and (p_pickup_code is null or orders.pickup_code = p_pickup_code)
    and (not p_only_if_due or orders.deadline_at <= now())
    and not (orders.status = 'ready' and p_to = 'preparing'
      and orders.ready_at < now() - make_interval(secs => c.recall_seconds))
  returning old.status as was, new as row into change;
  if not found then
    return null;
  end if;
  o := change.row;

  perform append_order_event(o, p_actor_id, p_actor_role, p_request_id);
  if p_to in ('rejected', 'expired', 'cancelled') then
    perform return_payment(o, p_actor_id);
    -- Once preparation has started the food is made: neither it nor the kitchen's time comes back.
    if change.was in ('pending_payment', 'placed', 'accepted') then
      perform release_holds(o);
    end if;
  elsif p_to = 'preparing' and change.was = 'accepted' then
    update payments set status = 'capturing', next_attempt_at = now(), updated_at = now()
    where order_id = o.id and status = 'authorized';
  end if;
  return o;
end $$;

-- A move that a person asks for. Null: no such order for this caller. Otherwise { outcome, order }, where outcome is
-- moved | unchanged (already there) | forbidden (not by this role) | illegal (not from this status) |
-- reason_required | wrong_pickup_code | version_conflict.
-- p_staff_from and p_customer_from: the statuses from which staff and the customer may do it; null: never.
create function move_order(
  p_order_id uuid, p_to text, p_staff_from text[], p_customer_from text[],
  p_actor_id uuid, p_actor_role text, p_actor_cafeterias uuid[],
  p_reason text, p_request_id text, p_expected_version integer, p_pickup_code text
) returns jsonb
language plpgsql as $$
declare
  o orders;
  moved orders;
  as_staff boolean;
  allowed text[];
  outcome text;
begin
  select * into o from orders
  where id = p_order_id
    and (user_id = p_actor_id or p_actor_role = 'admin' or cafeteria_id = any (p_actor_cafeterias));
  if not found then
    return null;
  end if;
  as_staff := p_actor_role = 'admin' or o.cafeteria_id = any (p_actor_cafeterias);
  allowed := case when as_staff then p_staff_from else p_customer_from end;

  if allowed is null then
    outcome := 'forbidden';
  elsif p_expected_version is not null and o.version <> p_expected_version then
    outcome := 'version_conflict';
  elsif p_pickup_code is not null and o.pickup_code <> p_pickup_code then
    outcome := 'wrong_pickup_code';
  elsif o.status = p_to then
    outcome := 'unchanged';
  elsif as_staff and p_reason is null and p_to in ('rejected', 'cancelled') and o.user_id <> p_actor_id then
    outcome := 'reason_required';
  else
    moved := transition_order(p_order_id, allowed, p_to, p_actor_id, case when as_staff then p_actor_role else 'customer' end,
      p_reason, p_request_id, p_expected_version, p_pickup_code);
    if moved.id is not null then
      return jsonb_build_object('outcome', 'moved', 'order', order_document(moved));
    end if;
    -- Not from here, or somebody was faster: say what it is now.
    select * into o from orders where id = p_order_id;
    outcome := case when o.status = p_to then 'unchanged'
      when p_expected_version is not null and o.version <> p_expected_version then 'version_conflict'
      else 'illegal' end;
  end if;
  return jsonb_build_object('outcome', outcome, 'order', order_document(o));
end $$;
