-- Appends an event of a payment. p_cafeteria_id is the cafeteria of its order; null for a top-up.
create or replace function append_payment_event(p_type text, p payments, p_cafeteria_id uuid, p_request_id text default null)
returns void
language sql as $$
  select append_event(p_type, p_cafeteria_id, p.order_id, null, null, 'system', p_request_id => p_request_id,
    p_data => jsonb_build_object('payment_id', p.id, 'purpose', p.purpose, 'user_id', p.user_id,
      'method', payment_method_of(p.provider), 'provider', p.provider,
      'amount_cents', p.amount_cents, 'currency', p.currency, 'decline_code', p.decline_code))
$$;
