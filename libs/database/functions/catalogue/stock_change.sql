-- `availability`: this transaction has sold something out, or brought it back; `quantity`: it has changed how much there is; or null.
create or replace function stock_change() returns text
language sql stable as $$
  select case coalesce(current_setting('comanda.stock_changed', true), '')
    when 'yes' then 'availability' when 'quantity' then 'quantity' end
$$;
