-- Claims payments whose providers are to be asked, for p_lease_seconds; settling one ends its lease. At most p_limit are
-- claimed of each provider, so that the backlog of one holds up no other. A payment is `abandoned` when nobody waits for the
-- answer any more, because the order is gone or the top-up is an hour old.
create or replace function claim_payments(p_providers text[], p_limit integer, p_lease_seconds double precision)
returns table (id uuid, provider text, purpose text, status text, amount_cents bigint, abandoned boolean)
language sql volatile as $$
  with due as (
    select due.id from unnest(p_providers) as asked (provider)
    cross join lateral (
      select payments.id from payments
      where payments.next_attempt_at <= now() and payments.provider = asked.provider
      order by payments.next_attempt_at limit p_limit for no key update skip locked
    ) due
  )
  update payments p set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where p.id = due.id
  returning p.id, p.provider, p.purpose, p.status, p.amount_cents, case p.purpose
    when 'order' then not exists (select from orders o where o.id = p.order_id and o.status = 'pending_payment')
    else p.created_at < now() - interval '1 hour' end
$$;
