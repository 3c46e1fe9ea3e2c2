-- The newest attempt to pay an order, at most one row. In a `from` Postgres inlines it.
create or replace function newest_payment(p_order_id uuid) returns setof payments
language sql stable as $$
  select * from payments where order_id = p_order_id order by created_at desc limit 1
$$;
