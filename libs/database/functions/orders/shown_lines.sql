-- The lines of an order as the API shows them, from the rows that hold them: for the demo history, and to compare what orders keep.
create or replace function shown_lines(p_order_id uuid) returns text
language sql stable as $$
  select coalesce(json_agg(shown_line(id, product_id, name, quantity, unit_price_cents, (
      select coalesce(jsonb_agg(jsonb_build_object('modifierId', chosen -> 'modifier_id', 'name', chosen -> 'name',
        'priceDeltaCents', chosen -> 'price_delta_cents')), '[]')
      from jsonb_array_elements(modifiers) chosen
    ), note) order by position), '[]')::text
  from order_items where order_id = p_order_id
$$;
