-- Records the answer to an authorisation: authorized | declined | failed (nothing was charged and never will be) |
-- unknown | pending (the provider decides later). An authorised payment places its order; one that comes when the order
-- cannot be picked up in its window any more lets it expire, and is voided; one whose order is gone, or that we
-- had given up, or that is about another amount or currency than the payment's, is voided; a top-up goes on to be captured. An order
-- whose payment came to nothing gives back what it held, until another payment takes it again.
-- p_amount_cents and p_currency are what the provider says that it authorised, null when it does not say.
-- `changed` says whether this call moved the payment on, and is null when there is no such payment. `o` is the payment's order and
-- `answer` what the API answers its customer about it; both are null for a top-up.
create or replace function settle_authorization(
  p_payment_id uuid, p_outcome text, p_reference text default null, p_decline_code text default null,
  p_idempotency_key text default null, p_request_id text default null,
  p_amount_cents bigint default null, p_currency text default null,
  out changed boolean, out payment jsonb, out o orders, out answer json
)
language plpgsql as $$
declare
  p payments;
  newest payments;
  placed orders;
  expired orders;
  v_ready_at timestamptz;
  estimate record;
  was text;
begin
  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id for no key update of orders;
  select * into p from payments where id = p_payment_id for no key update;
  if not found then
    return;
  end if;

  was := p.status;
  if p_outcome = 'authorized' and (p_amount_cents <> p.amount_cents or p_currency <> p.currency) then
    -- Not what was asked for: the worker lets go of it.
    p.status := case when payment_is_undecided(was) or was in ('declined', 'failed') then 'voiding' else was end;
  elsif payment_is_undecided(was) then
    p.status := p_outcome;
  elsif was in ('declined', 'failed') and p_outcome = 'authorized' then
    p.status := 'voiding';
  end if;
  -- An authorisation that came too late is on record like any other, and is then voided.
  if p.status <> was and p_outcome in ('authorized', 'declined', 'failed') then
    p.decline_code := p_decline_code;
    perform append_payment_event('payment.' || p_outcome, p, o.cafeteria_id, p_request_id);
  end if;
  if p.status = 'authorized' and p.purpose = 'top_up' then
    p.status := 'capturing';
  elsif p.status = 'authorized' and was <> 'authorized' then
    -- An authorisation may take half a minute, which no promise counts. What is left of an estimate is counted from the beginning of this
    -- payment: another attempt to pay may begin long after the order was created.
    v_ready_at := now() - interval '30 seconds'
      + case when o.naive_seconds is null then make_interval(secs => o.make_seconds) else o.promised_at - p.created_at end;
    if v_ready_at > o.pickup_at then
      -- Estimated before it is placed, or it would wait for itself.
      select e.* into estimate from cafeterias c cross join promise_estimate(c.id, c.cooks, now(), o.make_seconds) e
      where c.id = o.cafeteria_id;
    end if;
    if greatest(now(), v_ready_at) < o.pickup_until then
      placed := transition_order(o.id, array['pending_payment'], 'placed', p.user_id, 'customer', null, p_request_id);
    else
      expired := transition_order(o.id, array['pending_payment'], 'expired', null, 'system', null, p_request_id);
    end if;
    if placed.id is null then
      p.status := 'voiding';
      if expired.id is not null then
        o := expired;
      end if;
    elsif v_ready_at <= placed.pickup_at then
      o := placed;
    else
      v_ready_at := now() + make_interval(secs => estimate.promised_seconds);
      update orders set pickup_at = least(v_ready_at, pickup_until), promised_at = least(v_ready_at, pickup_until), begin_at = now(),
        naive_seconds = case when v_ready_at < pickup_until then estimate.naive_seconds end
      where id = o.id returning * into o;
    end if;
  end if;

  if p.status <> was or payment_is_undecided(was) then
    update payments set
      status = p.status,
      provider_reference = coalesce(p_reference, provider_reference),
      decline_code = p_decline_code,
      next_attempt_at = case
        when payment_is_undecided(p.status) then retry_at(attempts)
        when p.status in ('capturing', 'voiding') then now() end,
      updated_at = now()
    where id = p.id returning * into p;
  end if;
  if p.purpose = 'order' and payment_is_undecided(was) and not payment_is_active(p.status) and o.status = 'pending_payment' then
    perform release_holds(o);
  end if;
  if placed.id is not null and (select auto_accept from cafeterias where id = o.cafeteria_id) then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  changed := p.status <> was;
  if p.purpose = 'order' then
    payment := payment_document(p);
    select * into newest from newest_payment(o.id);
    answer := order_answer(o, newest, o.user_id);
  else
    payment := top_up_document(p);
  end if;
  if p_idempotency_key is not null and p.status <> 'capturing' then
    perform answer_key(p.user_id, p_idempotency_key, coalesce(answer, payment::json), p.status = 'failed');
  end if;
end $$;
