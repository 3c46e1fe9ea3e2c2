-- Moves an order by one conditional update. Returns the order after the move, or null when its status, version or deadline
-- did not allow it. Timers set p_only_if_due, so that a sweep that comes late does nothing.
create or replace function transition_order(
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
    closed_at = case when order_is_closed(p_to) then now() end,
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

  insert into events (order_id, cafeteria_id, version, type, actor_id, actor_role, reason, request_id, data)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_actor_id, p_actor_role, o.reason, p_request_id,
    case o.status when 'placed' then opened_order(o) when 'ready' then ready_order(o) end);
  if order_fell_through(p_to) then
    perform return_payment(o, p_actor_id, p_actor_role, p_request_id);
    -- Once preparation has started the food is made: neither it nor the kitchen's time comes back. An order that waits for payment
    -- holds something only while a payment is under way.
    if order_is_unstarted(change.was) and (change.was <> 'pending_payment' or exists (
      select from payments where order_id = o.id and payment_is_active(status)
    )) then
      perform release_holds(o);
    end if;
  elsif p_to = 'preparing' and change.was = 'accepted' and o.payment_method = 'card' then
    update payments set status = 'capturing', next_attempt_at = now(), updated_at = now()
    where order_id = o.id and status = 'authorized';
  end if;
  return o;
end $$;
