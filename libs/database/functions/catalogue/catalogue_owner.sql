-- The cafeteria that a row belongs to; null for a link whose other end was deleted with it, which is a change of its own.
create or replace function catalogue_owner(p_table text, p_row jsonb) returns uuid
language sql stable as $$
  select case p_table
    when 'cafeterias' then (p_row ->> 'id')::uuid
    when 'modifiers' then (select cafeteria_id from modifier_groups where id = (p_row ->> 'group_id')::uuid)
    when 'product_modifier_groups' then (select cafeteria_id from products where id = (p_row ->> 'product_id')::uuid)
    else (p_row ->> 'cafeteria_id')::uuid
  end
$$;
