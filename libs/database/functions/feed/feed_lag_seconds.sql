-- How long ago, in seconds, the first event happened that the feed has not passed; 0 when it has passed all of them.
create or replace function feed_lag_seconds() returns double precision
language sql as $$
  select lag.seconds from event_positions p, consumer_lag(p) lag where p.consumer = 'feed'
$$;
