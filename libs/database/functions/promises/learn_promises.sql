-- Learns from the orders that became ready in a batch of events how long their kitchens take. Returns from how many it did.
--
-- It learns from orders whose promise was an estimate, and from each once: an order that is recalled and ready again was learnt when it
-- was ready first. Everything that is learnt is in the event.
--
-- theta is the online conformal tracker of Angelopoulos, Candès and Tibshirani (Conformal PID Control for Time Series Prediction, 2023,
-- arXiv 2307.16895) with their quantile tracking: each broken promise makes the next ones longer, and each kept one a ninth as much shorter.
-- So nine of ten are kept in the long run, whatever the kitchen does.
create or replace function learn_promises(p_event_ids bigint[]) returns integer
language plpgsql as $$
declare
  v_order record;
  v_cafeteria_id uuid;
  v_cafeterias uuid[] := '{}';
  v_learnt integer := 0;
begin
  for v_order in
    select e.cafeteria_id, load_bin((e.data ->> 'wait_seconds')::integer) as bin,
      greatest(0, extract(epoch from e.at - (e.data ->> 'estimated_at')::timestamptz)::double precision)
        / greatest(1, (e.data ->> 'naive_seconds')::double precision) as ratio,
      (e.at > (e.data ->> 'promised_at')::timestamptz)::integer as late
    from events e
    where e.id = any (p_event_ids) and e.type = 'order.ready' and e.data ? 'naive_seconds' and not exists (
      select from events earlier
      where earlier.order_id = e.order_id and earlier.version < e.version and earlier.type = 'order.ready'
    )
    order by e.xid, e.id
  loop
    insert into promise_ratios as r (cafeteria_id, load_bin, weights)
    values (v_order.cafeteria_id, v_order.bin, add_ratio('{}', v_order.ratio))
    on conflict (cafeteria_id, load_bin) do update set weights = add_ratio(r.weights, v_order.ratio);
    insert into promise_models as m (cafeteria_id, learnt, theta, p50, p90)
    values (v_order.cafeteria_id, 1, 0.05 * (v_order.late - 0.1), '{}', '{}')
    on conflict (cafeteria_id) do update set
      learnt = m.learnt + 1, theta = greatest(-1, least(1, m.theta + excluded.theta)), updated_at = now();
    if v_order.cafeteria_id <> all (v_cafeterias) then
      v_cafeterias := v_cafeterias || v_order.cafeteria_id;
    end if;
    v_learnt := v_learnt + 1;
  end loop;
  foreach v_cafeteria_id in array v_cafeterias loop
    update promise_models m set p50 = f.p50, p90 = f.p90
    from fit_promises(v_cafeteria_id) f where m.cafeteria_id = v_cafeteria_id;
  end loop;
  return v_learnt;
end $$;
