-- Opens a top-up; the wallet grows when it is captured. p_currency is for a wallet that does not exist yet; a wallet keeps the currency of
-- its first top-up, from the moment on at which that begins. p_asked_currency is what the customer expects to be charged in,
-- p_currency when null; another one than the wallet's is refused.
-- Returns { payment }, or { replay } for a repeated key.
create or replace function start_top_up(
  p_user_id uuid, p_amount_cents bigint, p_currency text, p_provider text, p_idempotency_key text, p_request_hash bytea,
  p_asked_currency text default null
) returns jsonb
language plpgsql as $$
declare
  replay jsonb;
  p payments;
  v_currency text;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'top_up', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay || jsonb_build_object('current',
        (select top_up_document(payments) from payments where id = (replay ->> 'subject_id')::uuid)));
    end if;
  end if;

  select currency into v_currency from accounts where id = p_user_id;
  if not found then
    -- First top-ups of one customer wait for one another here, because programs with different configurations may run at once.
    perform pg_advisory_xact_lock(hashtextextended('first top-up ' || p_user_id, 0));
    select coalesce(
      (select currency from accounts where id = p_user_id),
      (select currency from payments where user_id = p_user_id and purpose = 'top_up' and payment_is_active(status) limit 1),
      p_currency) into v_currency;
  end if;
  if v_currency <> coalesce(p_asked_currency, p_currency) then
    perform refuse('wallet_currency_differs', jsonb_build_object('wallet_currency', v_currency,
      'currency', coalesce(p_asked_currency, p_currency)));
  end if;

  insert into payments (purpose, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('top_up', p_user_id, p_provider, p_amount_cents, v_currency, 'pending', now() + interval '30 seconds')
  returning * into p;
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id)
    values (p_user_id, p_idempotency_key, 'top_up', p_request_hash, p.id);
  end if;
  return jsonb_build_object('payment', top_up_document(p));
end $$;
