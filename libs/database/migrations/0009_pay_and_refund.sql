-- What people do with money: pay an order again, top up a wallet, refund. One statement each; the card provider is asked
-- afterwards, outside of it, and its answer comes through 0008.

-- Another attempt to pay an order that waits for payment. A wallet is debited and the order placed at once.
-- Returns { order, payment_id }, or { replay } for a repeated key.
create function start_payment(
  p_user_id uuid, p_order_id uuid, p_provider text, p_idempotency_key text, p_request_hash bytea, p_request_id text
) returns jsonb
language plpgsql as $$
declare
  v_wallet constant boolean := p_provider = 'wallet';
  replay jsonb;
  o orders;
  active payments;
  v_payment_id uuid;
  answer jsonb;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'pay_order', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay);
    end if;
  end if;

  select * into o from orders where id = p_order_id and user_id = p_user_id for no key update;
  if not found then
    perform refuse('order_not_found');
  end if;
  select * into active from payments
  where order_id = o.id and status in ('pending', 'unknown', 'authorized', 'capturing', 'captured');
  if active.status in ('authorized', 'capturing', 'captured') then
    perform refuse('order_already_paid', jsonb_build_object('order_status', o.status, 'payment_id', active.id));
  elsif o.status <> 'pending_payment' or o.deadline_at <= now() then
    perform refuse('order_not_payable', jsonb_build_object('order_status', o.status));
  elsif active.id is not null then
    perform refuse('payment_in_progress', jsonb_build_object('payment_id', active.id, 'payment_status', active.status));
  end if;

  update orders set payment_method = case when v_wallet then 'wallet' else 'card' end where id = o.id returning * into o;
  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, p_provider, o.total_cents, o.currency, case when v_wallet then 'captured' else 'pending' end,
    case when not v_wallet then now() + interval '30 seconds' end)
  returning id into v_payment_id;
  if v_wallet then
    perform debit_wallet(o, v_payment_id);
    o := transition_order(o.id, array['pending_payment'], 'placed', p_user_id, 'customer', null, p_request_id);
    if (select auto_accept from cafeterias where id = o.cafeteria_id) then
      o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
    end if;
  end if;

  answer := order_document(o);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'pay_order', p_request_hash, o.id, case when v_wallet then answer end);
  end if;
  return jsonb_build_object('order', answer, 'payment_id', v_payment_id);
end $$;

-- Opens a top-up; the wallet grows when it is captured. p_currency: of a wallet that does not exist yet.
-- Returns { payment }, or { replay } for a repeated key.
create function start_top_up(
  p_user_id uuid, p_amount_cents bigint, p_currency text, p_provider text, p_idempotency_key text, p_request_hash bytea
) returns jsonb
language plpgsql as $$
declare
  replay jsonb;
  p payments;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'top_up', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay || jsonb_build_object('current',
        (select top_up_document(payments) from payments where id = (replay ->> 'subject_id')::uuid)));
    end if;
  end if;

  insert into payments (purpose, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('top_up', p_user_id, p_provider, p_amount_cents,
    coalesce((select currency from accounts where id = p_user_id), p_currency), 'pending', now() + interval '30 seconds')
  returning * into p;
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id)
    values (p_user_id, p_idempotency_key, 'top_up', p_request_hash, p.id);
  end if;
  return jsonb_build_object('payment', top_up_document(p));
end $$;

-- Gives a part of an order's payment back, or with no amount all that is left. p_cafeterias: where the actor may do so;
-- null: everywhere. Returns { refund }, or { replay } for a repeated key.
create function request_refund(
  p_actor_id uuid, p_cafeterias uuid[], p_payment_id uuid, p_amount_cents bigint, p_reason text,
  p_idempotency_key text, p_request_hash bytea, p_request_id text
) returns jsonb
language plpgsql as $$
declare
  replay jsonb;
  o orders;
  p payments;
  r refunds;
  v_left bigint;
  answer jsonb;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_actor_id, p_idempotency_key, 'refund', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay);
    end if;
  end if;

  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id and (p_cafeterias is null or orders.cafeteria_id = any (p_cafeterias))
  for no key update of orders;
  if not found then
    perform refuse('payment_not_found');
  end if;
  select * into p from payments where id = p_payment_id for no key update;
  v_left := p.amount_cents - p.refunded_cents;
  if p.status not in ('capturing', 'captured') then
    perform refuse('payment_not_refundable', jsonb_build_object('payment_status', p.status));
  elsif v_left = 0 or p_amount_cents > v_left then
    perform refuse('refund_exceeds_payment', jsonb_build_object('refundable_cents', v_left));
  end if;

  r := open_refund(p, o.cafeteria_id, coalesce(p_amount_cents, v_left), p_reason, p_actor_id);
  answer := refund_document(r, p);
  insert into audit_log (actor_id, action, subject_type, subject_id, before, after, request_id)
  values (p_actor_id, 'payment.refunded', 'payment', p.id, jsonb_build_object('refunded_cents', p.refunded_cents),
    jsonb_build_object('refunded_cents', p.refunded_cents + r.amount_cents, 'refund', answer), p_request_id);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_actor_id, p_idempotency_key, 'refund', p_request_hash, r.id, answer);
  end if;
  return jsonb_build_object('refund', answer);
end $$;
