-- What the worker does without a person. Every function may be called by any number of workers at once: rows that
-- another one holds are skipped, and a worker that dies leaves nothing behind but a time to try again.

-- Moves on the order whose deadline passed first. An order that nobody answers is rejected only while the doors are
-- open; otherwise it waits for the next opening. Returns { order_id, cafeteria_id, from, to }, where `to` is null when
-- the deadline was only put off, or null when nothing is due.
create function run_order_timer() returns jsonb
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

-- Takes payments that a provider is to be asked about, for as long as the lease; whoever settles one ends it. Abandoned:
-- nobody waits for the answer any more, because the order is gone or the top-up an hour old.
create function claim_payments(p_provider text, p_limit integer, p_lease_seconds double precision)
returns table (id uuid, purpose text, status text, amount_cents bigint, abandoned boolean)
language sql volatile as $$
  with due as (
    select payments.id from payments
    where next_attempt_at <= now() and provider = p_provider
    order by next_attempt_at limit p_limit for no key update skip locked
  )
  update payments p set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where p.id = due.id
  returning p.id, p.purpose, p.status, p.amount_cents, case p.purpose
    when 'order' then not exists (select from orders o where o.id = p.order_id and o.status = 'pending_payment')
    else p.created_at < now() - interval '1 hour' end
$$;

-- The same for refunds. A refund waits until its payment is captured: there is nothing to give back before.
create function claim_refunds(p_provider text, p_limit integer, p_lease_seconds double precision)
returns table (id uuid, payment_id uuid, amount_cents bigint)
language sql volatile as $$
  with due as (
    select refunds.id from refunds join payments on payments.id = refunds.payment_id
    where refunds.next_attempt_at <= now() and payments.status = 'captured' and payments.provider = p_provider
    order by refunds.next_attempt_at limit p_limit for no key update of refunds skip locked
  )
  update refunds r set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where r.id = due.id
  returning r.id, r.payment_id, r.amount_cents
$$;

-- Deletes what no longer serves anybody, at most p_limit rows of each kind. Returns how many were deleted.
create function clean_up(p_limit integer) returns integer
language sql volatile as $$
  with old_keys as (
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where created_at < now() - interval '24 hours'
      order by created_at limit p_limit for update skip locked))
    returning 1
  ), old_sessions as (
    -- With their refresh tokens.
    delete from sessions where id = any (array(
      select id from sessions where expires_at < now() order by expires_at limit p_limit for update skip locked))
    returning 1
  ), old_events as (
    delete from provider_events where ctid = any (array(
      select ctid from provider_events where received_at < now() - interval '30 days'
      order by received_at limit p_limit for update skip locked))
    returning 1
  )
  select (select count(*) from old_keys)::integer + (select count(*) from old_sessions)::integer
    + (select count(*) from old_events)::integer
$$;
