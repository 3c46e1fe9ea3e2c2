-- Raises the version of the cafeterias that a row belongs or belonged to, once per transaction; see catalogue_versions.
create or replace function raise_catalogue_version() returns trigger
language plpgsql as $$
begin
  insert into catalogue_versions as v (cafeteria_id)
  select owner from (
    select catalogue_owner(tg_table_name, to_jsonb(new)) union select catalogue_owner(tg_table_name, to_jsonb(old))
  ) touched (owner)
  where owner is not null order by owner
  on conflict (cafeteria_id) do update set version = v.version + 1, xid = excluded.xid, changed_at = excluded.changed_at
    where v.xid <> excluded.xid;
  return null;
end $$;

-- The triggers are deferred, so that the version is the last row that a transaction locks. If it were raised at once, two
-- orders that sell out different products of one cafeteria would wait for each other.
drop trigger if exists cafeterias_version on cafeterias;
create constraint trigger cafeterias_version after insert or update or delete on cafeterias
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists opening_hours_version on opening_hours;
create constraint trigger opening_hours_version after insert or update or delete on opening_hours
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists schedule_exceptions_version on schedule_exceptions;
create constraint trigger schedule_exceptions_version after insert or update or delete on schedule_exceptions
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists mealtimes_version on mealtimes;
create constraint trigger mealtimes_version after insert or update or delete on mealtimes
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists categories_version on categories;
create constraint trigger categories_version after insert or update or delete on categories
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists modifier_groups_version on modifier_groups;
create constraint trigger modifier_groups_version after insert or update or delete on modifier_groups
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists modifiers_version on modifiers;
create constraint trigger modifiers_version after insert or update or delete on modifiers
  deferrable initially deferred for each row execute function raise_catalogue_version();
drop trigger if exists product_modifier_groups_version on product_modifier_groups;
create constraint trigger product_modifier_groups_version after insert or update or delete on product_modifier_groups
  deferrable initially deferred for each row execute function raise_catalogue_version();

-- These are all columns except those that orders write. A list costs an order's update nothing, because it names none of
-- them; a comparison would. A new column must be added here, which a test checks.
drop trigger if exists pickup_slots_version on pickup_slots;
create constraint trigger pickup_slots_version
  after insert or delete or update of id, cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds, closed
  on pickup_slots deferrable initially deferred for each row execute function raise_catalogue_version();

drop trigger if exists products_version on products;
create constraint trigger products_version
  after insert or delete or update of id, cafeteria_id, category_id, mealtime_id, name, description, price_cents,
    make_seconds, allergens, dietary_tags, image_url, position, available, created_at, updated_at, deleted_at, search_text
  on products deferrable initially deferred for each row execute function raise_catalogue_version();

drop trigger if exists products_stock_version on products;
create constraint trigger products_stock_version after update of stock_quantity on products
  deferrable initially deferred for each row
  when ((old.stock_quantity = 0) is distinct from (new.stock_quantity = 0))
  execute function raise_catalogue_version();
