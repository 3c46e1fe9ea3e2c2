-- Records what an order has just become.
create or replace function append_order_event(o orders, p_actor_id uuid, p_actor_role text, p_request_id text) returns void
language sql as $$
  insert into order_events (order_id, cafeteria_id, version, type, actor_id, actor_role, reason, request_id)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_actor_id, p_actor_role,
    case when o.status in ('rejected', 'cancelled') then o.reason end, p_request_id)
$$;
