-- Adds the next events to the rollups, at most p_limit, and moves the position of p_consumer, in one transaction: each event is counted once,
-- whenever a worker is lost. It is the consumer `rollups` of the log, and by another name that of `rebuildRollups` of
-- libs/database.
--
-- `events` is how many there were: 0 when there are none, when another worker holds the position, or while the time zone of a cafeteria is
-- being changed. `changes` lists whose days have changed, [{ cafeteriaId, day }].
--
-- The order of events does not matter. Each is counted by what the log says of it and of the moves before it, which are committed
-- whenever it is, and sums do not depend on their order.
create or replace function roll_up(p_limit integer, p_consumer text default 'rollups', out events integer, out changes jsonb)
language plpgsql
-- Everything is looked up by its key. Statistics of tables that have just been filled must not talk the planner into reading them whole.
set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off
as $$
declare
  before event_positions;
  batch record;
begin
  events := 0;
  changes := '[]';
  -- keep_time_zone says why.
  if not pg_try_advisory_xact_lock_shared(hashtextextended('comanda time zones', 0)) then
    return;
  end if;
  before := claim_position(p_consumer);
  if before.consumer is null then
    return;
  end if;
  select array_agg(e.id order by e.xid, e.id) as ids, (array_agg(e.xid order by e.xid desc, e.id desc))[1] as xid into batch
  from claim_events(p_consumer, p_limit) e;
  if batch.ids is null then
    return;
  end if;

  perform roll_up_products(batch.ids);
  select coalesce(jsonb_agg(jsonb_build_object('cafeteriaId', changed.cafeteria_id, 'day', changed.day)), '[]') into changes
  from (
    select * from roll_up_moves(batch.ids)
    union select * from roll_up_customers(batch.ids, before)
    union select * from roll_up_statuses(batch.ids)
    union select * from roll_up_payments(batch.ids)
  ) changed;

  events := cardinality(batch.ids);
  update event_positions set xid = batch.xid, event_id = batch.ids[events], updated_at = now() where consumer = p_consumer;
end $$;
