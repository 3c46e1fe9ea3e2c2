-- The `data` of the events `order.pending_payment` and `order.placed`. It is one expression, so that Postgres inlines it.
create or replace function opened_order(o orders) returns jsonb
language sql stable as $$
  select jsonb_build_object('total_cents', o.total_cents, 'currency', o.currency, 'payment_method', o.payment_method,
    'pickup_kind', o.pickup_kind)
$$;
