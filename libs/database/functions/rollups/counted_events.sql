-- How often each event of a batch counts: once. And a recall takes back that the order was ready, so that earlier event counts once less,
-- in whichever hour it was counted.
create or replace function counted_events(p_event_ids bigint[]) returns table (event_id bigint, times integer)
language sql stable as $$
  select id, 1 from unnest(p_event_ids) id
  union all
  select ready.id, -1
  from events recall
  join events ready on ready.order_id = recall.order_id and ready.version = recall.version - 1 and ready.type = 'order.ready'
  where recall.id = any (p_event_ids) and recall.type = 'order.preparing'
$$;
