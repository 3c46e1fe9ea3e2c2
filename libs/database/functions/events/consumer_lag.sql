-- How far a consumer is behind: how long ago, in seconds, the oldest event happened that it has not read, and how many those are, of
-- which no more than 10,000 are counted. Both are 0 when it has read all of them.
create or replace function consumer_lag(p event_positions, out seconds double precision, out events integer)
language sql as $$
  select coalesce(greatest(extract(epoch from clock_timestamp() - min(unread.at)), 0), 0)::double precision, count(*)::integer
  from (select e.at from unread_events(p) e order by e.xid, e.id limit 10000) unread
$$;
