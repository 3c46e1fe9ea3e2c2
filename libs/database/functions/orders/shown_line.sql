-- A line of an order as the API shows it. One expression, so that Postgres inlines it.
create or replace function shown_line(
  id uuid, product_id uuid, name text, quantity integer, unit_price_cents bigint, modifiers jsonb, note text
) returns json
language sql stable as $$
  select json_build_object('id', id, 'productId', product_id, 'name', name, 'quantity', quantity,
    'unitPriceCents', unit_price_cents, 'modifiers', modifiers, 'note', note)
$$;
