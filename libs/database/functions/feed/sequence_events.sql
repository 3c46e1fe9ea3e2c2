-- Gives numbers to the next events, at most p_limit and those that must come before them. Returns what was numbered: nothing
-- when there is nothing to do, or when somebody else is at it.
--
-- An event is final when no transaction that began to write before its own is still under way: none can then appear before
-- it, in (xid, id), so the position passes over nothing. A long open transaction holds up the feed but loses nothing.
--
-- (xid, id) is not the order in which an order moved: a transaction that waited for the lock on the order has the later
-- version and the lower xid. So the versions before an event are numbered with it, final or not (they are committed, or it
-- could not have followed them), and remembered as ahead of the position. Ids are drawn under the lock, so within one
-- order they grow with the version.
create or replace function sequence_events(p_limit integer) returns setof feed
language plpgsql as $$
declare
  p feed_position;
begin
  -- Until the end of the transaction, which a lost worker cannot keep open: it is this statement.
  if not pg_try_advisory_xact_lock(hashtextextended('comanda feed', 0)) then
    return;
  end if;
  -- A statement of its own after the lock sees what the last holder did.
  select * into strict p from feed_position;
  if p.xid >= pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'the feed has come to transaction %, and this server only to %', p.xid, pg_snapshot_xmax(pg_current_snapshot())
      using hint = 'Transaction ids do not survive a logical restore. Move feed_position to what the restored feed holds.';
  end if;

  return query
  with batch as materialized (
    select e.* from unsequenced_events(p) e
    where e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id limit p_limit
  ), reached as materialized (
    select b.xid, b.id from batch b order by b.xid desc, b.id desc limit 1
  ), earlier as materialized (
    select e.* from (select b.order_id, max(b.version) as version from batch b group by b.order_id) moved
    cross join reached r
    join order_events e on e.order_id = moved.order_id and e.version < moved.version
    where (e.xid, e.id) > (r.xid, r.id) and e.id <> all (p.ahead)
  ), numbered as (
    select e.cafeteria_id, e.id,
      coalesce(h.seq, 0) + row_number() over (partition by e.cafeteria_id order by e.id) as seq
    from (select * from batch union all select * from earlier) e
    left join feed_heads h on h.cafeteria_id = e.cafeteria_id
  ), heads as (
    insert into feed_heads as h (cafeteria_id, seq)
    select n.cafeteria_id, max(n.seq) from numbered n group by n.cafeteria_id
    on conflict (cafeteria_id) do update set seq = excluded.seq
  ), position as (
    update feed_position set xid = r.xid, event_id = r.id, ahead = array(
      select e.id from order_events e
      where e.id = any (p.ahead || array(select id from earlier)) and (e.xid, e.id) > (r.xid, r.id))
    from reached r
  )
  insert into feed (cafeteria_id, seq, event_id)
  select n.cafeteria_id, n.seq, n.id from numbered n
  returning *;
end $$;
