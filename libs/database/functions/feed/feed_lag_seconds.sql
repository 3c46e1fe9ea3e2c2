-- How long ago the first event happened that has no number yet; 0 when all have one.
create or replace function feed_lag_seconds() returns double precision
language sql as $$
  select coalesce((
    select greatest(extract(epoch from clock_timestamp() - e.at), 0)
    from feed_position p, unsequenced_events(p) e
    order by e.xid, e.id limit 1
  ), 0)::double precision
$$;
