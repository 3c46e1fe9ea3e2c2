-- The provider holds nothing any more. Returns whether it was this call that recorded it.
create or replace function settle_void(p_payment_id uuid) returns boolean
language plpgsql as $$
begin
  update payments set status = 'voided', next_attempt_at = null, updated_at = now()
  where id = p_payment_id and (payment_is_undecided(status) or status = 'voiding');
  return found;
end $$;
