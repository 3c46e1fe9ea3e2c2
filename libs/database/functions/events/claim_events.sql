-- Claims a consumer's position as claim_position does, and returns its next events by (xid, id), at most p_limit; no rows when
-- there are none, or when another worker holds the position. The caller moves the position in the same transaction.
--
-- An event is final when no transaction that began to write before its own is still under way: none can then appear before
-- it, so a position passes over nothing. A long open transaction holds up every consumer but loses nothing.
create or replace function claim_events(p_consumer text, p_limit integer) returns setof events
language plpgsql as $$
declare
  p event_positions;
begin
  p := claim_position(p_consumer);
  if p.consumer is null then
    return;
  end if;
  return query
    select * from unread_events(p) e
    where e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id limit p_limit;
end $$;
