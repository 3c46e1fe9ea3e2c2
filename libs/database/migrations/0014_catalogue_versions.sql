-- A number per cafeteria that grows with every committed change of what customers see of it: the cafeteria itself, hours,
-- categories, products, what to choose from, mealtimes, and which pick-up slots there are. Whoever holds a lower number
-- holds something old. A transaction raises it once, and raising it is serialised, so numbers come in the order of commits.
--
-- Not counted is what orders use up: how many of a product are left (unless it comes to 0, or back), and how much of a slot.
-- It would have all orders of a cafeteria wait for one row; the number shown is that of the moment of reading.
-- `settings` belong to no cafeteria and have no version.
create table catalogue_versions (
  cafeteria_id uuid primary key,
  version bigint not null default 1,
  -- The transaction that gave it.
  xid xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default now()
) with (fillfactor = 50);
insert into catalogue_versions (cafeteria_id) select id from cafeterias;

-- Null for a link whose other end was deleted with it, which is a change of its own.
create function catalogue_owner(p_table text, p_row jsonb) returns uuid
language sql stable as $$
  select case p_table
    when 'cafeterias' then (p_row ->> 'id')::uuid
    when 'modifiers' then (select cafeteria_id from modifier_groups where id = (p_row ->> 'group_id')::uuid)
    when 'product_modifier_groups' then (select cafeteria_id from products where id = (p_row ->> 'product_id')::uuid)
    else (p_row ->> 'cafeteria_id')::uuid
  end
$$;

create function raise_catalogue_version() returns trigger
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

-- Deferred, so that the version is the last row that a transaction locks, whatever it did before. At once, two orders that
-- sell out different products of one cafeteria would wait for each other.
create constraint trigger cafeterias_version after insert or update or delete on cafeterias
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger opening_hours_version after insert or update or delete on opening_hours
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger schedule_exceptions_version after insert or update or delete on schedule_exceptions
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger mealtimes_version after insert or update or delete on mealtimes
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger categories_version after insert or update or delete on categories
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger modifier_groups_version after insert or update or delete on modifier_groups
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger modifiers_version after insert or update or delete on modifiers
  deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger product_modifier_groups_version after insert or update or delete on product_modifier_groups
  deferrable initially deferred for each row execute function raise_catalogue_version();

-- All columns but those that orders write. Columns rather than a comparison: an order's update names none of them, and
-- costs nothing here. A new column must be added; a test compares.
create constraint trigger pickup_slots_version
  after insert or delete or update of id, cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds, closed
  on pickup_slots deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger products_version
  after insert or delete or update of id, cafeteria_id, category_id, mealtime_id, name, description, price_cents,
    make_seconds, allergens, dietary_tags, image_url, position, available, created_at, updated_at, deleted_at
  on products deferrable initially deferred for each row execute function raise_catalogue_version();
create constraint trigger products_stock_version after update of stock_quantity on products
  deferrable initially deferred for each row
  when ((old.stock_quantity = 0) is distinct from (new.stock_quantity = 0))
  execute function raise_catalogue_version();

-- So that a statement that placed or moved an order can tell, without looking, that something sold out or is back.
create function note_stock_change() returns trigger
language plpgsql as $$
begin
  perform set_config('comanda.stock_changed', 'yes', true);
  return null;
end $$;
create trigger products_stock_noted after update of stock_quantity on products
  for each row when ((old.stock_quantity = 0) is distinct from (new.stock_quantity = 0))
  execute function note_stock_change();

-- Whether this transaction has sold something out, or brought it back.
create function stock_changed() returns boolean
language sql stable as $$
  select coalesce(current_setting('comanda.stock_changed', true), '') = 'yes'
$$;

-- The cafeterias that this transaction has changed, with their new versions. For the end of a transaction: from here to its
-- commit others that change the same cafeterias wait.
create function raised_catalogue_versions() returns table (cafeteria_id uuid, version bigint)
language plpgsql as $$
begin
  set constraints all immediate;
  return query select v.cafeteria_id, v.version from catalogue_versions v where v.xid = pg_current_xact_id_if_assigned();
end $$;
