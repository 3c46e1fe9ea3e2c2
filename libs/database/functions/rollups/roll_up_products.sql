-- Adds the lines of a batch's orders to rollup_products: those of placed orders, and those of placed orders that fell through.
create or replace function roll_up_products(p_event_ids bigint[]) returns void
language sql as $$
  with lines as materialized (
    select m.cafeteria_id, m.day, m.local_hour, m.outcome = 'placed' as placed, i.product_id, i.quantity,
      i.quantity * i.unit_price_cents::bigint as cents
    from counted_moves m join order_items i on i.order_id = m.order_id
    where m.id = any (p_event_ids) and m.outcome in ('placed', 'rejected', 'cancelled')
  )
  insert into rollup_products as r
  select l.cafeteria_id, l.day, l.product_id,
    coalesce(sum(l.quantity) filter (where l.placed), 0), coalesce(sum(l.cents) filter (where l.placed), 0),
    coalesce(sum(l.quantity) filter (where not l.placed), 0), coalesce(sum(l.cents) filter (where not l.placed), 0),
    hours_of_day(array_agg(l.local_hour), array_agg(case when l.placed then l.quantity else 0 end))
  from lines l
  group by l.cafeteria_id, l.day, l.product_id
  on conflict (cafeteria_id, day, product_id) do update set
    quantity = r.quantity + excluded.quantity, cents = r.cents + excluded.cents,
    lost_quantity = r.lost_quantity + excluded.lost_quantity, lost_cents = r.lost_cents + excluded.lost_cents,
    hours = add_hours(r.hours, excluded.hours)
$$;
