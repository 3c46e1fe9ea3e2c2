-- The events that a consumer has not handled yet, including those that are not final.
create or replace function unread_events(p event_positions) returns setof events
language sql stable as $$
  select * from events
  where (xid, id) > (p.xid, p.event_id) and id <> all (p.ahead)
$$;
