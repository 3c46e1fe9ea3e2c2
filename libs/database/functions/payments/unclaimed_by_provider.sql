-- How many payments and refunds wait for a provider that is not among p_providers, so that nobody asks it: by provider, for
-- those that have any.
create or replace function unclaimed_by_provider(p_providers text[]) returns table (provider text, payments integer, refunds integer)
language sql stable as $$
  select waiting.provider, count(*) filter (where not is_refund)::integer, count(*) filter (where is_refund)::integer
  from (
    select p.provider, false as is_refund from payments p where p.next_attempt_at is not null
    union all
    select p.provider, true from refunds r join payments p on p.id = r.payment_id where r.next_attempt_at is not null
  ) waiting
  where waiting.provider <> all (p_providers)
  group by waiting.provider
$$;
