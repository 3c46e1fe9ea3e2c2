-- Claims the position of a consumer until the end of the transaction; null when another worker holds it.
--
-- The lock is the transaction's and not the session's: a worker that is lost cannot keep it for longer than its transaction lives.
create or replace function claim_position(p_consumer text) returns event_positions
language plpgsql as $$
declare
  p event_positions;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('comanda consumer ' || p_consumer, 0)) then
    return null;
  end if;
  -- A statement of its own after the lock sees what the last holder did.
  select * into strict p from event_positions where consumer = p_consumer;
  if p.xid > pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'the % has come to transaction %, and this server only to %', p_consumer, p.xid,
      pg_snapshot_xmax(pg_current_snapshot())
      using hint = 'Transaction ids do not survive a logical restore. Move its row of event_positions to the newest event that it has read.';
  end if;
  return p;
end $$;
