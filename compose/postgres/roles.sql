-- The login of each service, which compose.yaml also knows. Run at every start and not only when the database is made, so that
-- data that was made before a service existed gets its login too.
do $$
declare
  name text;
begin
  foreach name in array array['comanda_orders', 'comanda_worker', 'comanda_realtime', 'comanda_analytics'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I', name);
    end if;
    execute format('alter role %I login password %L', name, name);
  end loop;
end $$;
alter role comanda_analytics set default_transaction_read_only = on;

-- The login of postgres-exporter, which reads the statistics of the server, and no table.
do $$
begin
  if not exists (select from pg_roles where rolname = 'comanda_monitor') then
    create role comanda_monitor;
  end if;
end $$;
alter role comanda_monitor login password 'comanda_monitor';
grant pg_monitor to comanda_monitor;
