-- Gives money of an order's payment back: to a wallet at once, to a card through the worker, which books it when the
-- provider has done it. p_items is what price_refund says of a refund by line. The caller holds the payment's lock.
create or replace function open_refund(
  p payments, p_cafeteria_id uuid, p_amount_cents bigint, p_reason text, p_actor_id uuid, p_actor_role text, p_request_id text,
  p_items jsonb default null
) returns refunds
language plpgsql as $$
declare
  v_wallet constant boolean := payment_method_of(p.provider) = 'wallet';
  r refunds;
begin
  insert into refunds (payment_id, amount_cents, items, reason, status, requested_by, next_attempt_at)
  values (p.id, p_amount_cents, p_items, p_reason, case when v_wallet then 'succeeded' else 'pending' end, p_actor_id,
    case when not v_wallet then now() end)
  returning * into r;
  update payments set refunded_cents = refunded_cents + p_amount_cents, updated_at = now() where id = p.id;
  if v_wallet then
    update accounts set balance_cents = balance_cents + p_amount_cents where id = p.user_id;
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, refund_id)
    values (p_cafeteria_id, p.user_id, 'refund', 'wallet', p_amount_cents, p.currency, p.user_id, p.order_id, p.id, r.id);
  end if;
  perform append_refund_event(case when v_wallet then 'refund.succeeded' else 'refund.requested' end, r, p,
    p_cafeteria_id, p_actor_id, p_actor_role, p_request_id);
  return r;
end $$;
