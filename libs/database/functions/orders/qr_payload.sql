-- The text of an order's QR code.
create or replace function qr_payload(o orders) returns text
language sql immutable as $$
  select qr_payload(o.id, o.pickup_code)
$$;

-- Takes the parts instead of a row: building a row for every order took a fifth of the time of a list.
create or replace function qr_payload(p_order_id uuid, p_pickup_code text) returns text
language sql immutable as $$
  select 'comanda:collect:' || p_order_id || ':' || p_pickup_code
$$;
