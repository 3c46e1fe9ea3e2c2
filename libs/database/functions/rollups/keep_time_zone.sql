-- Keeps the time zones of cafeterias since they were opened, because what happened is counted on the day of the zone of its moment.
--
-- roll_up holds the same lock while it counts. So it never counts in the old zone what happened after a change that is not committed
-- yet: either it sees the change, or the change is given a later time than whatever it sees.
create or replace function keep_time_zone() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform pg_advisory_xact_lock(hashtextextended('comanda time zones', 0));
  end if;
  insert into cafeteria_time_zones (cafeteria_id, since, time_zone)
  values (new.id, case tg_op when 'UPDATE' then clock_timestamp() else '-infinity' end, new.time_zone);
  return new;
end $$;

create or replace trigger cafeterias_first_time_zone after insert on cafeterias
  for each row execute function keep_time_zone();
create or replace trigger cafeterias_time_zone after update of time_zone on cafeterias
  for each row when (old.time_zone <> new.time_zone) execute function keep_time_zone();
