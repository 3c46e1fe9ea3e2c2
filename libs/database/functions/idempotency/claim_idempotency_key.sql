-- Returns { subject_id, answer, json } of the first call with this key, or null for a new key. `json` is the text of the answer as it was
-- sent, and `answer` the same as jsonb, whose members are in another order; both are null when the first call left none. Refuses a key that was used with another
-- body, and a repetition while the first call is in flight: it holds the lock, or waits for a payment provider and has no
-- answer yet.
create or replace function claim_idempotency_key(p_user_id uuid, p_key text, p_operation text, p_request_hash bytea) returns jsonb
language plpgsql as $$
declare
  first idempotency_keys;
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_key, hashtext(p_user_id::text))) then
    perform refuse('idempotency_key_in_use');
  end if;
  select * into first from idempotency_keys where user_id = p_user_id and key = p_key;
  if not found then
    return null;
  end if;
  if first.operation <> p_operation or first.request_hash <> p_request_hash then
    perform refuse('idempotency_key_reused');
  end if;
  -- A process that died while it waited leaves no answer; after half a minute today's state is the answer.
  if first.answer is null and first.created_at > now() - interval '30 seconds' then
    perform refuse('idempotency_key_in_use');
  end if;
  return jsonb_build_object('subject_id', first.subject_id, 'answer', first.answer, 'json', first.answer::text);
end $$;
