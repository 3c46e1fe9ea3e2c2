-- A payment as the API shows it, in snake_case.
create or replace function payment_document(p payments) returns jsonb
language sql immutable as $$
  select jsonb_build_object('id', p.id, 'purpose', p.purpose, 'order_id', p.order_id,
    'method', payment_method_of(p.provider), 'provider', p.provider,
    'amount_cents', p.amount_cents, 'currency', p.currency, 'status', p.status, 'refunded_cents', p.refunded_cents,
    'decline_code', p.decline_code, 'created_at', p.created_at, 'updated_at', p.updated_at)
$$;
