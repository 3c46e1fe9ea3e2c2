-- Moves the order whose deadline passed first. An order that nobody answers is rejected only while the doors are
-- open; otherwise it waits for the next opening. Returns { order_id, cafeteria_id, from, to }, where `to` is null when
-- the deadline was only put off, or null when nothing is due.
create or replace function run_order_timer() returns jsonb
language plpgsql as $$
declare
  o orders;
  c cafeterias;
  moved orders;
begin
  select * into o from orders where deadline_at <= now() order by deadline_at limit 1 for no key update skip locked;
  if not found then
    return null;
  end if;
  select * into c from cafeterias where id = o.cafeteria_id;
  begin
    if o.status = 'pending_payment' then
      moved := transition_order(o.id, array['pending_payment'], 'expired', null, 'system', p_only_if_due => true);
    elsif o.status = 'ready' then
      moved := transition_order(o.id, array['ready'], 'uncollected', null, 'system', p_only_if_due => true);
    elsif o.status = 'placed' and is_open(c.id, c.time_zone, 'opening', now()) then
      moved := transition_order(o.id, array['placed'], 'rejected', null, 'system', 'no answer', p_only_if_due => true);
    else
      update orders set deadline_at = case when o.status = 'placed' then
        coalesce(next_opening(c.id, now()), now() + interval '1 day') + make_interval(secs => c.acceptance_seconds) end
      where id = o.id;
    end if;
  exception when others then
    -- One order that cannot be moved must not hold up those behind it.
    update orders set deadline_at = now() + interval '1 minute' where id = o.id;
    return jsonb_build_object('order_id', o.id, 'cafeteria_id', c.id, 'from', o.status, 'to', null, 'problem', sqlerrm);
  end;
  return jsonb_build_object('order_id', o.id, 'cafeteria_id', c.id, 'from', o.status, 'to', moved.status);
end $$;
