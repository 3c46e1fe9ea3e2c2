-- Handles a provider's message, once however often it comes. A message about another provider's payment changes nothing. One about
-- another amount or currency than the payment's is refused with `webhook_amount_mismatch`, and leaves no trace.
-- `changed` says whether the message moved the payment on. `o` is the payment's order, or null when there is none or nothing was done.
create or replace function receive_provider_event(
  p_provider text, p_event_id text, p_payload jsonb, p_payment_id uuid, p_outcome text, p_reference text,
  p_decline_code text, p_amount_cents bigint, p_currency text, p_request_id text,
  out duplicate boolean, out changed boolean, out o orders
)
language plpgsql as $$
declare
  p payments;
  settled record;
begin
  insert into provider_events (provider, event_id, payload) values (p_provider, p_event_id, p_payload)
  on conflict do nothing;
  duplicate := not found;
  changed := false;
  if duplicate then
    return;
  end if;
  select * into p from payments where id = p_payment_id and provider = p_provider;
  if found then
    if (p_amount_cents, p_currency) is distinct from (p.amount_cents, p.currency) then
      perform refuse('webhook_amount_mismatch', jsonb_build_object('payment_id', p.id));
    end if;
    select * into settled
    from settle_authorization(p_payment_id, p_outcome, p_reference, p_decline_code, null, p_request_id);
    changed := settled.changed;
    o := settled.o;
  end if;
end $$;
