-- Handles a provider's message, once however often it comes. A message about another provider's payment changes nothing.
-- `changed` says whether the message moved the payment on. `o` is the payment's order, or null when there is none or nothing was done.
create or replace function receive_provider_event(
  p_provider text, p_event_id text, p_payload jsonb, p_payment_id uuid, p_outcome text, p_reference text,
  p_decline_code text, p_request_id text,
  out duplicate boolean, out changed boolean, out o orders
)
language plpgsql as $$
declare
  settled record;
begin
  insert into provider_events (provider, event_id, payload) values (p_provider, p_event_id, p_payload)
  on conflict do nothing;
  duplicate := not found;
  changed := false;
  if not duplicate and exists (select from payments where id = p_payment_id and provider = p_provider) then
    select * into settled
    from settle_authorization(p_payment_id, p_outcome, p_reference, p_decline_code, null, p_request_id);
    changed := settled.changed;
    o := settled.o;
  end if;
end $$;
