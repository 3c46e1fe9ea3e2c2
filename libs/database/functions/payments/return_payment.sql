-- Returns the money of an order that fell through: a wallet at once, a card through the worker.
create or replace function return_payment(o orders, p_actor_id uuid, p_actor_role text, p_request_id text) returns void
language plpgsql as $$
declare
  p payments;
begin
  select * into p from payments
  where order_id = o.id and payment_is_active(status) for no key update;
  if not found then
    return;
  end if;
  if p.status = 'authorized' then
    update payments set status = 'voiding', next_attempt_at = now(), updated_at = now() where id = p.id;
  elsif payment_is_refundable(p.status) and p.amount_cents > p.refunded_cents then
    perform open_refund(p, o.cafeteria_id, p.amount_cents - p.refunded_cents, coalesce(o.reason, o.status), p_actor_id,
      p_actor_role, p_request_id);
  end if;
  -- A pending or unknown payment is left to the worker, which finds out what became of it, and voids it if it went through.
end $$;
