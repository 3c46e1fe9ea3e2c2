-- Appends to the log what has just happened, in the transaction in which it happens. p_version: for a move of an order, the order's
-- version after it. p_data: what libs/events says of the type.
create or replace function append_event(
  p_type text, p_cafeteria_id uuid, p_order_id uuid, p_version integer, p_actor_id uuid, p_actor_role text,
  p_reason text default null, p_request_id text default null, p_data jsonb default null
) returns void
language sql as $$
  insert into events (type, cafeteria_id, order_id, version, actor_id, actor_role, reason, request_id, data)
  values (p_type, p_cafeteria_id, p_order_id, p_version, p_actor_id, p_actor_role, p_reason, p_request_id, p_data)
$$;
