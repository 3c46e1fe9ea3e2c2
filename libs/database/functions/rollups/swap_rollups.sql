-- Puts rebuilt rollups in the place of the present ones, whose rows it drops, together with their position. Returns false, having changed
-- nothing, when the rebuild has not come as far in the log as they have. The caller rolls up the rest in the same transaction and with the
-- position of `rollups` claimed, so that nothing moves on meanwhile.
--
-- The new tables get the rights that the old ones had. Whatever depends on an old table makes this fail.
create or replace function swap_rollups() returns boolean
language plpgsql as $$
declare
  present event_positions := p from event_positions p where p.consumer = 'rollups';
  rebuilt constant event_positions := p from event_positions p where p.consumer = 'rollups-rebuild';
  v_table text;
  v_right record;
begin
  if (present.xid, present.event_id) > (rebuilt.xid, rebuilt.event_id) then
    return false;
  end if;
  foreach v_table in array rollup_tables() loop
    for v_right in
      select a.privilege_type, a.grantee::regrole as role from pg_class c, aclexplode(c.relacl) a
      where c.oid = format('public.%I', v_table)::regclass and a.grantee <> c.relowner
    loop
      execute format('grant %s on rollups_rebuild.%I to %s', v_right.privilege_type, v_table, v_right.role);
    end loop;
    execute format('drop table public.%I', v_table);
    execute format('alter table rollups_rebuild.%I set schema public', v_table);
  end loop;
  drop schema rollups_rebuild;
  delete from event_positions where consumer in ('rollups', 'rollups-rebuild');
  insert into event_positions (consumer, xid, event_id) values ('rollups', rebuilt.xid, rebuilt.event_id);
  return true;
end $$;
