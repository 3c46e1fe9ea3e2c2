-- Returns a row for each place where the money does not add up; none when the books balance. It looks at the accounts, payments, refunds
-- and orders whose ids lie after `p_after` and not after `p_until`, and at all of them without both. The worker checks in parts, tests
-- check everything after every fault.
create or replace function check_balances(
  p_after uuid default '00000000-0000-0000-0000-000000000000',
  p_until uuid default 'ffffffff-ffff-ffff-ffff-ffffffffffff'
) returns table (problem text, subject_id uuid, expected_cents bigint, actual_cents bigint)
language sql stable as $$
  -- A wallet holds what its entries say, which are in the history of its owner.
  select 'wallet_balance', a.id, coalesce(e.balance, 0)::bigint, a.balance_cents
  from accounts a
  left join lateral (
    select sum(case when credit_account_id = a.id then amount_cents else 0 end
      - case when debit_account_id = a.id then amount_cents else 0 end) as balance
    from entries where user_id = a.id
  ) e on true
  where a.id > p_after and a.id <= p_until and a.kind = 'wallet' and a.balance_cents <> coalesce(e.balance, 0)

  union all
  -- A captured payment is booked once, in full; any other one not at all.
  select 'payment_booking', p.id, case p.status when 'captured' then p.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from payments p
  left join entries e on e.payment_id = p.id and e.kind in ('payment', 'top_up')
  where p.id > p_after and p.id <= p_until
  group by p.id
  having coalesce(sum(e.amount_cents), 0) <> case p.status when 'captured' then p.amount_cents else 0 end

  union all
  -- What a payment or refund moved into or out of a wallet is in the history of the wallet's owner.
  select 'entry_of_another_wallet', e.id, 0, e.amount_cents::bigint
  from (
    select e.* from payments p join entries e on e.payment_id = p.id and e.kind in ('payment', 'top_up')
    where p.id > p_after and p.id <= p_until
    union all
    select e.* from refunds r join entries e on e.refund_id = r.id
    where r.id > p_after and r.id <= p_until
  ) e
  join accounts a on a.id in (e.debit_account_id, e.credit_account_id) and a.kind = 'wallet' and a.id <> e.user_id

  union all
  -- A refund is booked once when it has succeeded, and not before.
  select 'refund_booking', r.id, case r.status when 'succeeded' then r.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from refunds r
  left join entries e on e.refund_id = r.id
  where r.id > p_after and r.id <= p_until
  group by r.id
  having coalesce(sum(e.amount_cents), 0) <> case r.status when 'succeeded' then r.amount_cents else 0 end

  union all
  -- A payment knows its refunds, and they never exceed it.
  select 'refunded_amount', p.id, coalesce(sum(r.amount_cents), 0)::bigint, p.refunded_cents
  from payments p
  left join refunds r on r.payment_id = p.id and r.status <> 'failed'
  where p.id > p_after and p.id <= p_until
  group by p.id
  having p.refunded_cents <> coalesce(sum(r.amount_cents), 0) or p.refunded_cents > p.amount_cents

  union all
  -- Whatever the kitchen was asked to make has one payment behind it, of the right amount.
  select 'order_unpaid', o.id, o.total_cents, coalesce(sum(p.amount_cents), 0)::bigint
  from orders o
  left join payments p on p.order_id = o.id and payment_is_paid(p.status)
  where o.id > p_after and o.id <= p_until and order_is_sold(o.status)
  group by o.id
  having o.total_cents <> coalesce(sum(p.amount_cents), 0)

  union all
  -- An order that fell through keeps nobody's money.
  select 'order_not_returned', o.id, 0, (p.amount_cents - p.refunded_cents)::bigint
  from orders o
  join payments p on p.order_id = o.id and payment_is_paid(p.status)
  where o.id > p_after and o.id <= p_until and order_fell_through(o.status)
    and (p.status = 'authorized' or p.amount_cents > p.refunded_cents)
$$;
