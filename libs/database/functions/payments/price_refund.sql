-- What a refund of some lines of a payment's order comes to. p_items is [{ item_id, quantity }], `items` the same as refunds.items keeps
-- it. Refuses with `order_item_unknown` or `refund_exceeds_line`. The caller holds the payment's lock, so no refund of a line is missed.
create or replace function price_refund(p payments, p_items jsonb, out amount_cents bigint, out items jsonb)
language plpgsql stable as $$
declare
  line record;
begin
  amount_cents := 0;
  items := '[]';
  for line in
    select asked.item_id, asked.quantity, bought.id, bought.unit_price_cents, bought.quantity - coalesce((
        select sum((given.item ->> 'quantity')::integer)
        from refunds r cross join lateral jsonb_array_elements(r.items) given (item)
        where r.payment_id = p.id and r.status <> 'failed' and (given.item ->> 'item_id')::uuid = asked.item_id
      ), 0) as refundable
    from (
      select item_id, sum(quantity) as quantity, min(place) as place
      from rows from (jsonb_to_recordset(p_items) as (item_id uuid, quantity integer))
        with ordinality as asked (item_id, quantity, place)
      group by item_id
    ) asked
    left join order_items bought on bought.order_id = p.order_id and bought.id = asked.item_id
    order by asked.place
  loop
    if line.id is null then
      perform refuse('order_item_unknown', jsonb_build_object('item_id', line.item_id));
    elsif line.quantity > line.refundable then
      perform refuse('refund_exceeds_line', jsonb_build_object('item_id', line.item_id, 'refundable_quantity', line.refundable));
    end if;
    amount_cents := amount_cents + line.unit_price_cents::bigint * line.quantity;
    items := items || jsonb_build_object('item_id', line.item_id, 'quantity', line.quantity,
      'amount_cents', line.unit_price_cents::bigint * line.quantity);
  end loop;
end $$;
