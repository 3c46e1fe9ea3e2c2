-- Whether a product cannot be ordered because fewer modifiers of one of its groups are to be had than must be chosen. It is one
-- expression, so that Postgres inlines it.
create or replace function lacks_choice(p_product_id uuid) returns boolean
language sql stable as $$
  select exists (
    select from product_modifier_groups offered
    join modifier_groups g on g.id = offered.group_id
    where offered.product_id = p_product_id and g.min_select > 0 and g.deleted_at is null and g.min_select > (
      select count(*) from modifiers m where m.group_id = g.id and m.available and m.deleted_at is null
    )
  )
$$;
