-- Raises the version of every cafeteria, once per transaction: what is configured for the whole installation is shown at each of them.
create or replace function raise_every_catalogue_version() returns trigger
language plpgsql as $$
begin
  insert into catalogue_versions as v (cafeteria_id)
  select id from cafeterias where deleted_at is null order by id
  on conflict (cafeteria_id) do update set version = v.version + 1, xid = excluded.xid, changed_at = excluded.changed_at
    where v.xid <> excluded.xid;
  return null;
end $$;

drop trigger if exists settings_version on settings;
create constraint trigger settings_version after insert or update or delete on settings
  deferrable initially deferred for each row execute function raise_every_catalogue_version();
