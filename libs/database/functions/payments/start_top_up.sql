-- Opens a top-up; the wallet grows when it is captured. p_currency is for a wallet that does not exist yet.
-- Returns { payment }, or { replay } for a repeated key.
create or replace function start_top_up(
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
