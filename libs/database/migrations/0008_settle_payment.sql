-- What a provider's answer does to a payment and its order. Each is safe to repeat, and locks the order before the
-- payment, as a move does.

-- Records the answer to an authorisation: authorized | declined | failed | unknown | pending (the provider will tell).
-- An authorised payment places its order; one whose order is gone is voided. Returns the order, or null for no such payment.
create function settle_authorization(
  p_payment_id uuid, p_outcome text, p_reference text default null, p_decline_code text default null,
  p_idempotency_key text default null, p_request_id text default null
) returns jsonb
language plpgsql as $$
declare
  o orders;
  p payments;
  placed orders;
  answer jsonb;
begin
  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id for update of orders;
  if not found then
    return null;
  end if;

  update payments set
    status = p_outcome,
    provider_reference = coalesce(p_reference, provider_reference),
    decline_code = p_decline_code,
    -- Not answered yet: the worker asks, later each time.
    next_attempt_at = case when p_outcome in ('unknown', 'pending')
      then now() + make_interval(secs => least(300, 5 * 2 ^ least(attempts, 6))) end,
    attempts = attempts + 1,
    updated_at = now()
  where id = p_payment_id and status in ('pending', 'unknown')
  returning * into p;

  if found and p.status = 'authorized' then
    placed := transition_order(o.id, array['pending_payment'], 'placed', p.user_id, 'customer', null, p_request_id);
    if placed.id is null then
      update payments set status = 'voiding', next_attempt_at = now() where id = p.id;
    else
      o := placed;
      if (select auto_accept from cafeterias where id = o.cafeteria_id) then
        o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
      end if;
    end if;
  end if;

  answer := order_document(o);
  if p_idempotency_key is not null then
    update idempotency_keys set answer = settle_authorization.answer where user_id = o.user_id and key = p_idempotency_key;
  end if;
  return answer;
end $$;

-- Books a captured card payment. Returns whether it was this call that did.
create function settle_capture(p_payment_id uuid) returns boolean
language plpgsql as $$
declare
  p payments;
begin
  update payments set status = 'captured', next_attempt_at = null, updated_at = now()
  where id = p_payment_id and status in ('authorized', 'capturing') returning * into p;
  if not found then
    return false;
  end if;
  insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
  select clearing_account(), o.cafeteria_id, 'payment', 'card', p.amount_cents, p.currency, p.user_id, o.id, p.id
  from orders o where o.id = p.order_id and p.amount_cents > 0;
  return true;
end $$;
