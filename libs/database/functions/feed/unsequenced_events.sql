-- The events that have no number yet, those that are not final included.
create or replace function unsequenced_events(p feed_position) returns setof order_events
language sql stable as $$
  select * from order_events
  where (xid, id) > (p.xid, p.event_id) and id <> all (p.ahead)
$$;
