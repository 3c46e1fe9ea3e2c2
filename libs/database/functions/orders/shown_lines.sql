-- The lines of an order as the API shows them, from the rows that hold them.
create or replace function shown_lines(p_order_id uuid) returns text
language sql stable as $$
  select coalesce(json_agg(line), '[]')::text from (
    select id, product_id as "productId", name, quantity, unit_price_cents as "unitPriceCents", note, (
        select coalesce(jsonb_agg(jsonb_build_object('modifierId', chosen -> 'modifier_id', 'name', chosen -> 'name',
          'priceDeltaCents', chosen -> 'price_delta_cents')), '[]')
        from jsonb_array_elements(modifiers) chosen
      ) as modifiers
    from order_items where order_id = p_order_id order by position
  ) line
$$;
