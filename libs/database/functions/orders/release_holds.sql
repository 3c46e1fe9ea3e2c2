-- Gives back what an order held: stock first, in product order, then its place, as placing takes them; take_holds takes it again.
create or replace function release_holds(o orders) returns void
language plpgsql as $$
declare
  taken record;
begin
  for taken in
    select product_id, sum(quantity) as quantity from order_items
    where order_id = o.id and stock_taken group by product_id order by product_id
  loop
    update products set stock_quantity = stock_quantity + taken.quantity
    where id = taken.product_id and stock_quantity is not null;
  end loop;
  update pickup_slots
  set reserved_orders = reserved_orders - 1, reserved_make_seconds = reserved_make_seconds - o.make_seconds
  where id = o.slot_id;
end $$;
