-- Makes the slots of the next days agree with the hours: opens the missing, reopens the fitting, closes the others.
-- Slots are closed rather than deleted, because orders refer to them, and keep their own capacity. Returns how many changed.
create or replace function refresh_slots(p_cafeteria_id uuid, p_days integer default 7) returns integer
language plpgsql as $$
declare
  opened integer;
  shut integer;
begin
  -- One refresh of a cafeteria at a time: two would meet in its slots in different orders.
  perform from cafeterias where id = p_cafeteria_id for no key update;

  insert into pickup_slots as slot (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds)
  select p_cafeteria_id, w.starts_at, w.ends_at, w.capacity_orders, w.capacity_make_seconds
  from wanted_slots(p_cafeteria_id, p_days) w
  on conflict (cafeteria_id, starts_at) do update set ends_at = excluded.ends_at, closed = false
    where (slot.closed and slot.ends_at = excluded.ends_at) or (slot.reserved_orders = 0 and slot.ends_at <> excluded.ends_at);
  get diagnostics opened = row_count;

  update pickup_slots s set closed = true
  where s.cafeteria_id = p_cafeteria_id and s.ends_at > now() and not s.closed
    and not exists (
      select from wanted_slots(p_cafeteria_id, p_days) w where w.starts_at = s.starts_at and w.ends_at = s.ends_at
    );
  get diagnostics shut = row_count;
  return opened + shut;
end $$;
