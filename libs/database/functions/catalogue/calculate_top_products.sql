-- Counts how many of each product were sold at a cafeteria in the last p_days days, by the index of its orders, and keeps the
-- first p_limit products. Returns whether the list has changed.
create or replace function calculate_top_products(p_cafeteria_id uuid, p_days integer, p_limit integer) returns boolean
language plpgsql as $$
declare
  found_ids uuid[];
  found_quantities bigint[];
  had top_products;
begin
  select coalesce(array_agg(product_id order by quantity desc, product_id), '{}'),
    coalesce(array_agg(quantity order by quantity desc, product_id), '{}')
  into found_ids, found_quantities
  from (
    select i.product_id, sum(i.quantity) as quantity
    from orders o join order_items i on i.order_id = o.id
    where o.cafeteria_id = p_cafeteria_id and o.created_at >= now() - make_interval(days => p_days)
      and order_is_sold(o.status)
    group by i.product_id
    order by quantity desc, i.product_id
    limit p_limit
  ) most;
  select * into had from top_products where cafeteria_id = p_cafeteria_id;
  insert into top_products values (p_cafeteria_id, now(), found_ids, found_quantities)
  on conflict (cafeteria_id) do update set calculated_at = excluded.calculated_at, product_ids = excluded.product_ids,
    quantities = excluded.quantities;
  return had.product_ids is distinct from found_ids or had.quantities is distinct from found_quantities;
end $$;
