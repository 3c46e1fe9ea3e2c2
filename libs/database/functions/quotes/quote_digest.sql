-- A digest of what a quote is about: the lines, and the slot or that none was chosen. How JSON is written, the order of a line's
-- modifiers, and whether what is left out is null make no difference.
create or replace function quote_digest(p_items jsonb, p_slot_id uuid) returns bytea
language sql immutable as $$
  select sha256(convert_to(jsonb_build_array(p_slot_id, jsonb_agg(jsonb_build_array(
    l.product_id, l.quantity, array(select m from unnest(l.modifier_ids) m order by m), l.note) order by l.position))::text, 'UTF8'))
  from rows from (
    jsonb_to_recordset(p_items) as (product_id uuid, quantity integer, modifier_ids uuid[], note text)
  ) with ordinality as l (product_id, quantity, modifier_ids, note, position)
$$;
