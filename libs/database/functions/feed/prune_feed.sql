-- Deletes the oldest entries of one feed whose events are older than p_age, at most p_limit of them. Returns how many: 0 when
-- no feed has any, or when another process holds the lock.
--
-- The sequencer waits for this only while both write the same head, which is written last here; and an event is not final
-- before every transaction that began earlier has ended. So p_limit must be small enough for a few milliseconds.
create or replace function prune_feed(p_age interval, p_limit integer) returns integer
language plpgsql as $$
declare
  head feed_heads;
  v_before bigint;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('comanda feed retention', 0)) then
    return 0;
  end if;
  select h.* into head from feed_heads h
  cross join lateral (
    select f.event_id from feed f where f.cafeteria_id = h.cafeteria_id and f.seq = h.first_seq
  ) oldest
  join events e on e.id = oldest.event_id
  where e.at < now() - p_age limit 1;
  if not found then
    return 0;
  end if;

  -- The entries before the first one that is not old are deleted: times need not grow with the numbers.
  select min(page.seq) filter (where e.at >= now() - p_age) into v_before from (
    select f.seq, f.event_id from feed f
    where f.cafeteria_id = head.cafeteria_id and f.seq >= head.first_seq order by f.seq limit p_limit
  ) page join events e on e.id = page.event_id;
  v_before := coalesce(v_before, least(head.first_seq + p_limit, head.seq + 1));

  delete from feed where cafeteria_id = head.cafeteria_id and seq >= head.first_seq and seq < v_before;
  update feed_heads set first_seq = v_before where cafeteria_id = head.cafeteria_id;
  return v_before - head.first_seq;
end $$;
