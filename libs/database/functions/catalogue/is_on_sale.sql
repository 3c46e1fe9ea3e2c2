-- Whether a product can be ordered as far as its cafeteria's catalogue and stock go; hours and mealtimes are not asked.
create or replace function is_on_sale(p_product_id uuid) returns boolean
language sql stable as $$
  select exists (
    select from products p join cafeterias c on c.id = p.cafeteria_id and c.deleted_at is null
    where p.id = p_product_id and p.deleted_at is null and p.available and p.stock_quantity is distinct from 0
      and not lacks_choice(p.id)
  )
$$;
