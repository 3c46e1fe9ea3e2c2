-- Claims refunds that providers are to make, as claim_payments claims payments. A refund waits until its payment is captured:
-- there is nothing to give back before.
create or replace function claim_refunds(p_providers text[], p_limit integer, p_lease_seconds double precision)
returns table (id uuid, provider text, payment_id uuid, amount_cents bigint)
language sql volatile as $$
  with due as (
    select due.id, asked.provider from unnest(p_providers) as asked (provider)
    cross join lateral (
      select refunds.id from refunds join payments on payments.id = refunds.payment_id
      where refunds.next_attempt_at <= now() and payments.status = 'captured' and payments.provider = asked.provider
      order by refunds.next_attempt_at limit p_limit for no key update of refunds skip locked
    ) due
  )
  update refunds r set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where r.id = due.id
  returning r.id, due.provider, r.payment_id, r.amount_cents
$$;
