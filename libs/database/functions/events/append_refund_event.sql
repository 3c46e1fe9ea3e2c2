-- Appends an event of a refund of an order's payment.
create or replace function append_refund_event(
  p_type text, r refunds, p payments, p_cafeteria_id uuid, p_actor_id uuid default null, p_actor_role text default 'system',
  p_request_id text default null
) returns void
language sql as $$
  select append_event(p_type, p_cafeteria_id, p.order_id, null, p_actor_id, p_actor_role, r.reason, p_request_id,
    jsonb_build_object('refund_id', r.id, 'payment_id', p.id, 'user_id', p.user_id,
      'method', payment_method_of(p.provider), 'provider', p.provider,
      'amount_cents', r.amount_cents, 'currency', p.currency))
$$;
