-- Numbers the next events as sequence_events does, and returns how many, and what is published to the gateways about them, in
-- the order of their feeds. It is one call because screens wait for it; each statement within sees what the one before did.
create or replace function relay_events(p_limit integer, out numbered integer, out relayed jsonb)
language plpgsql as $$
declare
  v_event_ids bigint[];
begin
  select coalesce(array_agg(event_id), '{}') into v_event_ids from sequence_events(p_limit);
  numbered := cardinality(v_event_ids);
  if numbered = 0 then
    relayed := '[]';
    return;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('userId', r.user_id, 'message', jsonb_build_object('seq', r.seq,
    'cafeteriaId', r.cafeteria_id, 'event', r.event, 'order', r."order"))
    || case when r.traceparent is null then '{}' else jsonb_build_object('traceparent', r.traceparent) end order by r.cafeteria_id, r.seq), '[]')
  into relayed from relayed_orders r where r.event_id = any (v_event_ids);
end $$;
