-- History, audit and the ledger are only ever appended to.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is only ever appended to', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create or replace trigger events_append_only before update or delete or truncate on events
  for each statement execute function refuse_change();
create or replace trigger entries_append_only before update or delete or truncate on entries
  for each statement execute function refuse_change();
