-- Books a captured card payment or top-up; when the capture was refused, the refunds that wait for it fail too.
-- Returns { changed, payment }, or null when there is no such payment.
create or replace function settle_capture(p_payment_id uuid, p_succeeded boolean default true, p_idempotency_key text default null)
returns jsonb
language plpgsql as $$
declare
  p payments;
  r refunds;
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
    select cafeteria_id into v_cafeteria_id from orders where id = p.order_id;
    perform append_payment_event(case when not p_succeeded then 'payment.failed' when p.purpose = 'top_up' then 'wallet.topped_up'
      else 'payment.captured' end, p, v_cafeteria_id);
  end if;
  if v_changed and not p_succeeded then
    for r in
      update refunds set status = 'failed', next_attempt_at = null, updated_at = now()
      where payment_id = p.id and status = 'pending' returning *
    loop
      perform append_refund_event('refund.failed', r, p, v_cafeteria_id);
    end loop;
  elsif v_changed and p.amount_cents > 0 then
    if p.purpose = 'top_up' then
      insert into accounts as wallet (id, kind, currency, balance_cents) values (p.user_id, 'wallet', p.currency, p.amount_cents)
      on conflict (id) do update set balance_cents = wallet.balance_cents + excluded.balance_cents
        where wallet.currency = excluded.currency;
      if not found then
        raise exception 'top-up % is in another currency than its wallet', p.id;
      end if;
    end if;
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
    values (clearing_account(), coalesce(v_cafeteria_id, p.user_id), case p.purpose when 'order' then 'payment' else 'top_up' end,
      'card', p.amount_cents, p.currency, p.user_id, p.order_id, p.id);
  end if;
  if p_idempotency_key is not null then
    perform answer_key(p.user_id, p_idempotency_key, top_up_document(p)::json, p.status = 'failed');
  end if;
  return jsonb_build_object('changed', v_changed,
    'payment', case p.purpose when 'top_up' then top_up_document(p) else payment_document(p) end);
end $$;
