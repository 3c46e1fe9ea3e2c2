-- An order as the API shows it, in snake_case, from rows at hand.
create or replace function order_document(o orders, items order_items[], payment payments) returns jsonb
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

-- An order with its lines and its newest payment, which are read here.
create or replace function order_document(o orders) returns jsonb
language sql stable as $$
  select order_document(o,
    array(select i from order_items i where i.order_id = o.id),
    (select p from payments p where p.order_id = o.id order by p.created_at desc, p.id desc limit 1))
$$;
