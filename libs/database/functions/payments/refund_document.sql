-- A refund as the API shows it, in snake_case.
create or replace function refund_document(r refunds, p payments) returns jsonb
language sql immutable as $$
  select jsonb_build_object('id', r.id, 'payment_id', p.id, 'order_id', p.order_id, 'amount_cents', r.amount_cents,
    'currency', p.currency, 'items', r.items, 'reason', r.reason, 'status', r.status, 'created_at', r.created_at)
$$;
