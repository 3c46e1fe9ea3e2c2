-- Makes empty rollup tables in a schema of their own, with a position at the beginning of the log. What a rebuild that was not finished
-- has left is thrown away.
create or replace function begin_rollups_rebuild() returns void
language plpgsql as $$
declare
  v_table text;
  v_options text;
begin
  drop schema if exists rollups_rebuild cascade;
  create schema rollups_rebuild;
  foreach v_table in array rollup_tables() loop
    -- `including all` leaves out storage parameters, without which updates would not find room on the page of their row.
    select ' with (' || array_to_string(c.reloptions, ', ') || ')' into v_options
    from pg_class c where c.oid = format('public.%I', v_table)::regclass;
    execute format('create table rollups_rebuild.%I (like public.%I including all)', v_table, v_table) || coalesce(v_options, '');
  end loop;
  insert into event_positions (consumer, xid, event_id) values ('rollups-rebuild', '0', 0)
  on conflict (consumer) do update set xid = '0', event_id = 0;
end $$;
