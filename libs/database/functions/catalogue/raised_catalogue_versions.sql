-- The cafeterias that this transaction has changed, with their new versions. To be called at the end of a transaction: until
-- its commit, others that change the same cafeterias wait.
create or replace function raised_catalogue_versions() returns table (cafeteria_id uuid, version bigint)
language plpgsql as $$
begin
  set constraints all immediate;
  return query select v.cafeteria_id, v.version from catalogue_versions v where v.xid = pg_current_xact_id_if_assigned();
end $$;
