-- Handles a provider's message, once however often it comes. A message about another provider's payment changes nothing.
-- Returns { duplicate, settled }, where settled is what settle_authorization returns, or null.
create or replace function receive_provider_event(
  p_provider text, p_event_id text, p_payload jsonb, p_payment_id uuid, p_outcome text, p_reference text,
  p_decline_code text, p_request_id text
) returns jsonb
language plpgsql as $$
begin
  insert into provider_events (provider, event_id, payload) values (p_provider, p_event_id, p_payload)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('duplicate', true, 'settled', null);
  end if;
  return jsonb_build_object('duplicate', false,
    'settled', case when exists (select from payments where id = p_payment_id and provider = p_provider)
      then settle_authorization(p_payment_id, p_outcome, p_reference, p_decline_code, null, p_request_id) end);
end $$;
