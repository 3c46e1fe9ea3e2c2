-- Books a card refund that the provider has made, or gives up one that it refused. Returns whether it was this call
-- that did.
create or replace function settle_refund(p_refund_id uuid, p_succeeded boolean, p_reference text default null) returns boolean
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
  perform append_refund_event(case when p_succeeded then 'refund.succeeded' else 'refund.failed' end, r, p,
    (select cafeteria_id from orders where id = p.order_id));
  return true;
end $$;
