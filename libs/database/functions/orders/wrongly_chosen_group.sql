-- The first group of a product of which too few or too many modifiers were chosen; no row when there is none.
create or replace function wrongly_chosen_group(p_product_id uuid, p_modifier_ids uuid[])
returns table (name text, min_select smallint, max_select smallint)
language sql stable as $$
  select g.name, g.min_select, g.max_select
  from product_modifier_groups offered
  join modifier_groups g on g.id = offered.group_id and g.deleted_at is null
  where offered.product_id = p_product_id and case when cardinality(p_modifier_ids) = 0 then 0 else
    (select count(*) from modifiers m where m.group_id = g.id and m.id = any (p_modifier_ids))
  end not between g.min_select and g.max_select
  order by offered.position limit 1
$$;
