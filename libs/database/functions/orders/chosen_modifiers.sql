-- The modifiers of these ids that a product offers: how many there are, what they add to the price, and they themselves, as
-- order_items keeps them and as the API shows them. Returns one row, and reads no table when nothing was chosen.
create or replace function chosen_modifiers(p_product_id uuid, p_modifier_ids uuid[])
returns table (matched bigint, delta_cents bigint, kept jsonb, shown jsonb)
language sql stable as $$
  select count(*), sum(m.price_delta_cents),
    jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_delta_cents', m.price_delta_cents)
      order by offered.position, m.position, m.id),
    jsonb_agg(jsonb_build_object('modifierId', m.id, 'name', m.name, 'priceDeltaCents', m.price_delta_cents)
      order by offered.position, m.position, m.id)
  from product_modifier_groups offered
  join modifiers m on m.group_id = offered.group_id
  where cardinality(p_modifier_ids) > 0 and offered.product_id = p_product_id
    and m.id = any (p_modifier_ids) and m.available and m.deleted_at is null
$$;
