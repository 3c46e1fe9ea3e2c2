-- What this transaction did to stock: `availability` when a product sold out or came back, `quantity` when only quantities
-- changed, null when none did.
create or replace function stock_change() returns text
language sql stable as $$
  select case coalesce(current_setting('comanda.stock_changed', true), '')
    when 'yes' then 'availability' when 'quantity' then 'quantity' end
$$;
