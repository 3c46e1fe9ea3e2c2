-- Gives numbers to the next moves of orders, at most p_limit and those that must come before them. Returns what was numbered: nothing
-- when there is nothing to do, or when another worker holds the position. It is the consumer `feed` of the log, and writes its
-- position and the numbers in one statement. Events without a version move no order; the position passes over them.
--
-- (xid, id) is not the order in which an order moved: a transaction that waited for the lock on the order has the later
-- version and the lower xid. So the versions before an event are numbered with it, final or not (they are committed, or it
-- could not have followed them), and remembered as ahead of the position. Ids are drawn under the lock, so within one
-- order they grow with the version.
create or replace function sequence_events(p_limit integer) returns setof feed
language plpgsql as $$
declare
  p event_positions;
begin
  p := claim_position('feed');
  if p.consumer is null then
    return;
  end if;
  return query
  with batch as materialized (
    select e.* from unread_events(p) e
    where e.xid < pg_snapshot_xmin(pg_current_snapshot()) and e.version is not null
    order by e.xid, e.id limit p_limit
  ), reached as materialized (
    select e.xid, e.id from (
      select b.xid, b.id from batch b
      union all
      -- A batch that is not full leaves no move behind, so whatever else is final is passed too.
      (select e.xid, e.id from events e
      where e.xid < pg_snapshot_xmin(pg_current_snapshot()) and (select count(*) from batch) < p_limit
      order by e.xid desc, e.id desc limit 1)
    ) e
    where (e.xid, e.id) > (p.xid, p.event_id)
    order by e.xid desc, e.id desc limit 1
  ), earlier as materialized (
    select e.* from (select b.order_id, max(b.version) as version from batch b group by b.order_id) moved
    cross join reached r
    join events e on e.order_id = moved.order_id and e.version < moved.version
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
    update event_positions set xid = r.xid, event_id = r.id, updated_at = now(), ahead = array(
      select e.id from events e
      where e.id = any (p.ahead || array(select id from earlier)) and (e.xid, e.id) > (r.xid, r.id))
    from reached r
    where consumer = p.consumer
  )
  insert into feed (cafeteria_id, seq, event_id)
  select n.cafeteria_id, n.seq, n.id from numbered n
  returning *;
end $$;
