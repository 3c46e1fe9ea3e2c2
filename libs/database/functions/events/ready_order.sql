-- The `data` of the event `order.ready`: the promise that stood and, when it was an estimate, all that is learnt from it. `naive_at` is what
-- would have been promised without anything learnt.
create or replace function ready_order(o orders) returns jsonb
language sql stable as $$
  select jsonb_build_object('promised_at', o.promised_at) || case when o.naive_seconds is null then '{}' else
    jsonb_build_object('estimated_at', o.begin_at, 'naive_seconds', o.naive_seconds, 'wait_seconds', o.naive_seconds - o.make_seconds,
      'naive_at', greatest(o.begin_at + make_interval(secs => o.naive_seconds),
        (select s.starts_at from pickup_slots s where s.id = o.slot_id))) end
$$;
