-- Starts another attempt to pay an order that waits for payment, and takes again what the order gave back when the last attempt came to
-- nothing. A wallet is debited and the order placed at once.
-- Returns the order, the new payment and, once it is paid, what the API answers; or for a repeated key `replay`,
-- as claim_idempotency_key returns it.
create or replace function start_payment(
  p_user_id uuid, p_order_id uuid, p_provider text, p_idempotency_key text, p_request_hash bytea, p_request_id text,
  out o orders, out payment payments, out answer json, out replay jsonb
)
language plpgsql as $$
declare
  v_method constant payment_method := payment_method_of(p_provider);
  v_wallet constant boolean := v_method = 'wallet';
  renewed record;
  active payments;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'pay_order', p_request_hash);
    if replay is not null then
      return;
    end if;
  end if;

  select * into o from orders where id = p_order_id and user_id = p_user_id for no key update;
  if not found then
    perform refuse('order_not_found');
  end if;
  select * into active from payments
  where order_id = o.id and payment_is_active(status);
  if payment_is_paid(active.status) then
    perform refuse('order_already_paid', jsonb_build_object('order_status', o.status, 'payment_id', active.id));
  elsif o.status <> 'pending_payment' or o.deadline_at <= now() then
    perform refuse('order_not_payable', jsonb_build_object('order_status', o.status));
  elsif active.id is not null then
    perform refuse('payment_in_progress', jsonb_build_object('payment_id', active.id, 'payment_status', active.status));
  end if;

  select * into renewed from renew_promise(o);
  update orders set payment_method = v_method, pickup_at = renewed.promised_at, promised_at = renewed.promised_at,
    begin_at = renewed.begin_at, naive_seconds = renewed.naive_seconds
  where id = o.id returning * into o;
  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, p_provider, o.total_cents, o.currency, case when v_wallet then 'captured' else 'pending' end,
    case when not v_wallet then now() + interval '30 seconds' end)
  returning * into payment;
  if v_wallet then
    perform debit_wallet(o, payment.id);
  end if;
  perform take_holds(o);
  if v_wallet then
    o := transition_order(o.id, array['pending_payment'], 'placed', p_user_id, 'customer', null, p_request_id);
    if (select auto_accept from cafeterias where id = o.cafeteria_id) then
      o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
    end if;
    answer := order_answer(o, payment, p_user_id);
  end if;

  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'pay_order', p_request_hash, o.id, answer);
  end if;
end $$;
