-- Takes again what an order gave back when its payment came to nothing: stock first, in product order, then its place, as placing
-- takes them. Refuses with `product_unavailable`, `slot_closed` or `slot_full` when it is gone.
create or replace function take_holds(o orders) returns void
language plpgsql as $$
declare
  line record;
begin
  for line in
    select i.product_id, sum(i.quantity) as quantity, bool_or(i.stock_taken) as counted from order_items i
    where i.order_id = o.id group by i.product_id order by i.product_id
  loop
    if line.counted then
      update products set stock_quantity = stock_quantity - line.quantity
      where id = line.product_id and available and deleted_at is null
        and (stock_quantity is null or stock_quantity >= line.quantity);
    else
      perform from products where id = line.product_id and available and deleted_at is null;
    end if;
    if not found then
      perform refuse('product_unavailable', jsonb_strip_nulls(jsonb_build_object('product_id', line.product_id,
        'available_quantity', (select stock_quantity from products where id = line.product_id))));
    end if;
  end loop;
  update pickup_slots s
  set reserved_orders = s.reserved_orders + 1, reserved_make_seconds = s.reserved_make_seconds + o.make_seconds
  where s.id = o.slot_id and not s.closed and has_room(s, o.make_seconds);
  if not found then
    perform refuse(case when closed then 'slot_closed' else 'slot_full' end) from pickup_slots where id = o.slot_id;
  end if;
end $$;
