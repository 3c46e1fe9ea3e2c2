-- Gives a part of an order's payment back, by amount or by line (p_items, as price_refund takes them), or with neither all that is
-- left. p_cafeterias is where the actor may do so; null
-- means everywhere. Returns { refund }, or { replay } for a repeated key.
create or replace function request_refund(
  p_actor_id uuid, p_actor_role text, p_cafeterias uuid[], p_payment_id uuid, p_amount_cents bigint, p_reason text,
  p_idempotency_key text, p_request_hash bytea, p_request_id text,
  p_items jsonb default null
) returns jsonb
language plpgsql as $$
declare
  replay jsonb;
  o orders;
  p payments;
  r refunds;
  v_left bigint;
  v_amount bigint := p_amount_cents;
  v_items jsonb;
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
  if not payment_is_refundable(p.status) then
    perform refuse('payment_not_refundable', jsonb_build_object('payment_status', p.status));
  end if;
  if p_items is not null then
    select amount_cents, items into v_amount, v_items from price_refund(p, p_items);
  end if;
  if v_amount = 0 and v_items is not null then
    perform refuse('refund_amounts_to_nothing');
  elsif v_left = 0 or v_amount = 0 or v_amount > v_left then
    perform refuse('refund_exceeds_payment', jsonb_build_object('refundable_cents', v_left));
  end if;

  r := open_refund(p, o.cafeteria_id, coalesce(v_amount, v_left), p_reason, p_actor_id, p_actor_role, p_request_id, v_items);
  answer := refund_document(r, p);
  insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
  values (p_actor_id, 'payment.refunded', 'payment', p.id, o.cafeteria_id, jsonb_build_object('refunded_cents', p.refunded_cents),
    jsonb_build_object('refunded_cents', p.refunded_cents + r.amount_cents, 'refund', answer), p_request_id);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_actor_id, p_idempotency_key, 'refund', p_request_hash, r.id, answer);
  end if;
  return jsonb_build_object('refund', answer);
end $$;
