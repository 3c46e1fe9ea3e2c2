-- Records that the provider holds nothing any more. Returns whether it was this call that did.
create or replace function settle_void(p_payment_id uuid) returns boolean
language plpgsql as $$
declare
  p payments;
begin
  update payments set status = 'voided', next_attempt_at = null, updated_at = now()
  where id = p_payment_id and (payment_is_undecided(status) or status = 'voiding') returning * into p;
  if not found then
    return false;
  end if;
  perform append_payment_event('payment.voided', p, (select cafeteria_id from orders where id = p.order_id));
  return true;
end $$;
