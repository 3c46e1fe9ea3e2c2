-- What customers order most, recalculated hourly by the worker: one row per cafeteria, most ordered first.
create table top_products (
  cafeteria_id uuid primary key references cafeterias,
  calculated_at timestamptz not null,
  product_ids uuid[] not null,
  -- How many of each were ordered within the days that were looked at.
  quantities bigint[] not null check (cardinality(quantities) = cardinality(product_ids))
);

-- Counts what was ordered at a cafeteria during the last days, by the index of its orders, and keeps the first. Whether the list
-- has changed. An order that came to nothing does not count.
create function calculate_top_products(p_cafeteria_id uuid, p_days integer, p_limit integer) returns boolean
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
      and o.status not in ('pending_payment', 'expired', 'rejected', 'cancelled')
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

-- A statement that placed or moved an order can now tell not only that something sold out or is back, but also that a shown
-- quantity is not what it was.
create or replace function note_stock_change() returns trigger
language plpgsql as $$
begin
  if (old.stock_quantity = 0) is distinct from (new.stock_quantity = 0) then
    perform set_config('comanda.stock_changed', 'yes', true);
  elsif coalesce(current_setting('comanda.stock_changed', true), '') = '' then
    perform set_config('comanda.stock_changed', 'quantity', true);
  end if;
  return null;
end $$;
drop trigger products_stock_noted on products;
create trigger products_stock_noted after update of stock_quantity on products
  for each row when (old.stock_quantity is distinct from new.stock_quantity) execute function note_stock_change();

-- `availability`: this transaction has sold something out, or brought it back; `quantity`: it has changed how much there is; or null.
create function stock_change() returns text
language sql stable as $$
  select case coalesce(current_setting('comanda.stock_changed', true), '')
    when 'yes' then 'availability' when 'quantity' then 'quantity' end
$$;
