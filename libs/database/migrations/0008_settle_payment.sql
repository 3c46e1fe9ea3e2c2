-- What a provider's answer does to a payment and its order. Each is safe to repeat and to come late or out of order,
-- because a payment only ever moves forward; each locks the order before the payment, as a move does.

-- When to ask again: in 2, 4, 8 … 300 seconds, up to a quarter sooner or later so that retries do not march in step.
create function retry_at(p_attempts integer) returns timestamptz
language sql volatile as $$
  select now() + make_interval(secs => least(300, 2 * 2 ^ least(p_attempts, 8)) * (0.75 + random() / 2))
$$;

-- What a call with a key is answered from now on. A failed attempt moved no money and is forgotten, so that the same key
-- may try again; but an order that was placed stays the answer to its key.
create function answer_key(p_user_id uuid, p_key text, p_answer jsonb, p_failed boolean) returns void
language plpgsql as $$
begin
  if p_failed then
    delete from idempotency_keys where user_id = p_user_id and key = p_key and operation <> 'place_order';
  end if;
  update idempotency_keys set answer = p_answer where user_id = p_user_id and key = p_key;
end $$;

-- Records the answer to an authorisation: authorized | declined | failed (nothing was charged and never will be) |
-- unknown | pending (the provider will tell). An authorised payment places its order; one whose order is gone, or that we
-- had given up, is voided; a top-up goes on to be captured.
-- Returns { changed, payment, order (null for a top-up) }, or null for no such payment.
create function settle_authorization(
  p_payment_id uuid, p_outcome text, p_reference text default null, p_decline_code text default null,
  p_idempotency_key text default null, p_request_id text default null
) returns jsonb
language plpgsql as $$
declare
  o orders;
  p payments;
  placed orders;
  was text;
  answer jsonb;
begin
  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id for no key update of orders;
  select * into p from payments where id = p_payment_id for no key update;
  if not found then
    return null;
  end if;

  was := p.status;
  if was in ('pending', 'unknown') then
    p.status := p_outcome;
  elsif was in ('declined', 'failed') and p_outcome = 'authorized' then
    p.status := 'voiding';
  end if;
  if p.status = 'authorized' and p.purpose = 'top_up' then
    p.status := 'capturing';
  elsif p.status = 'authorized' and was <> 'authorized' then
    placed := transition_order(o.id, array['pending_payment'], 'placed', p.user_id, 'customer', null, p_request_id);
    if placed.id is null then
      p.status := 'voiding';
    else
      o := placed;
    end if;
  end if;

  if p.status <> was or was in ('pending', 'unknown') then
    update payments set
      status = p.status,
      provider_reference = coalesce(p_reference, provider_reference),
      decline_code = p_decline_code,
      next_attempt_at = case
        when p.status in ('unknown', 'pending') then retry_at(attempts)
        when p.status in ('capturing', 'voiding') then now() end,
      updated_at = now()
    where id = p.id returning * into p;
  end if;
  if placed.id is not null and (select auto_accept from cafeterias where id = o.cafeteria_id) then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  answer := jsonb_build_object('changed', p.status <> was,
    'payment', case p.purpose when 'order' then payment_document(p) else top_up_document(p) end,
    'order', case p.purpose when 'order' then order_document(o) end);
  if p_idempotency_key is not null and p.status <> 'capturing' then
    perform answer_key(p.user_id, p_idempotency_key,
      case p.purpose when 'order' then answer -> 'order' else answer -> 'payment' end, p.status = 'failed');
  end if;
  return answer;
end $$;

-- A top-up and what it made of the wallet.
create function top_up_document(p payments) returns jsonb
language sql stable as $$
  select payment_document(p) || jsonb_build_object('balance_cents', coalesce(
    (select balance_cents from accounts where id = p.user_id), 0))
$$;

-- Books a captured card payment or top-up; a refused capture takes its waiting refunds with it.
-- Returns { changed, payment }, or null for no such payment.
create function settle_capture(p_payment_id uuid, p_succeeded boolean default true, p_idempotency_key text default null)
returns jsonb
language plpgsql as $$
declare
  p payments;
  v_changed boolean;
  v_cafeteria_id uuid;
begin
  select * into p from payments where id = p_payment_id for no key update;
  if not found then
    return null;
  end if;
  v_changed := p.status = 'capturing';
  if v_changed then
    update payments set status = case when p_succeeded then 'captured' else 'failed' end, next_attempt_at = null,
      refunded_cents = case when p_succeeded then refunded_cents else 0 end, updated_at = now()
    where id = p.id returning * into p;
  end if;
  if v_changed and not p_succeeded then
    update refunds set status = 'failed', next_attempt_at = null, updated_at = now()
    where payment_id = p.id and status = 'pending';
  elsif v_changed and p.amount_cents > 0 then
    select cafeteria_id into v_cafeteria_id from orders where id = p.order_id;
    if p.purpose = 'top_up' then
      insert into accounts as wallet (id, kind, currency, balance_cents) values (p.user_id, 'wallet', p.currency, p.amount_cents)
      on conflict (id) do update set balance_cents = wallet.balance_cents + excluded.balance_cents;
    end if;
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
    values (clearing_account(), coalesce(v_cafeteria_id, p.user_id), case p.purpose when 'order' then 'payment' else 'top_up' end,
      'card', p.amount_cents, p.currency, p.user_id, p.order_id, p.id);
  end if;
  if p_idempotency_key is not null then
    perform answer_key(p.user_id, p_idempotency_key, top_up_document(p), p.status = 'failed');
  end if;
  return jsonb_build_object('changed', v_changed,
    'payment', case p.purpose when 'top_up' then top_up_document(p) else payment_document(p) end);
end $$;

-- The provider holds nothing any more. Returns whether it was this call that recorded it.
create function settle_void(p_payment_id uuid) returns boolean
language plpgsql as $$
begin
  update payments set status = 'voided', next_attempt_at = null, updated_at = now()
  where id = p_payment_id and status in ('pending', 'unknown', 'voiding');
  return found;
end $$;

-- Books a card refund that the provider has made, or gives up one that it refused. Returns whether it was this call.
create function settle_refund(p_refund_id uuid, p_succeeded boolean, p_reference text default null) returns boolean
language plpgsql as $$
declare
  r refunds;
  p payments;
begin
  select payments.* into p from payments join refunds on refunds.payment_id = payments.id
  where refunds.id = p_refund_id for no key update of payments;
  update refunds set status = case when p_succeeded then 'succeeded' else 'failed' end, next_attempt_at = null,
    provider_reference = p_reference, updated_at = now()
  where id = p_refund_id and status = 'pending' returning * into r;
  if not found then
    return false;
  end if;
  if p_succeeded then
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, refund_id)
    select o.cafeteria_id, clearing_account(), 'refund', 'card', r.amount_cents, p.currency, p.user_id, o.id, p.id, r.id
    from orders o where o.id = p.order_id;
  else
    update payments set refunded_cents = refunded_cents - r.amount_cents, updated_at = now() where id = p.id;
  end if;
  return true;
end $$;

-- A provider's message, handled once however often it comes. The payment's key tells which payment it is about.
-- Returns { duplicate, settled: as settle_authorization does, or null }.
create function receive_provider_event(
  p_provider text, p_event_id text, p_payload jsonb, p_payment_id uuid, p_outcome text, p_reference text,
  p_decline_code text, p_request_id text
) returns jsonb
language plpgsql as $$
begin
  insert into provider_events (provider, event_id, payload) values (p_provider, p_event_id, p_payload)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('duplicate', true, 'settled', null);
  end if;
  return jsonb_build_object('duplicate', false,
    'settled', settle_authorization(p_payment_id, p_outcome, p_reference, p_decline_code, null, p_request_id));
end $$;
