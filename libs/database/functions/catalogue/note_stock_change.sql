-- Remembers for stock_change() what this transaction did to a product's stock: that it sold out or came back, or only that a shown
-- quantity has changed. So a statement that placed or moved an order need not compare anything.
create or replace function note_stock_change() returns trigger
language plpgsql as $$
begin
  if (old.stock_quantity = 0) is distinct from (new.stock_quantity = 0) then
    perform set_config('comanda.stock_changed', 'yes', true);
  elsif coalesce(current_setting('comanda.stock_changed', true), '') = '' then
    perform set_config('comanda.stock_changed', 'quantity', true);
  end if;
  return null;
end $$;

create or replace trigger products_stock_noted after update of stock_quantity on products
  for each row when (old.stock_quantity is distinct from new.stock_quantity) execute function note_stock_change();
