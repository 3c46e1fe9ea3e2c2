-- Returns a row for each place where the money does not add up; none when the books balance. The worker checks daily, tests
-- check after every fault.
create or replace function check_balances() returns table (problem text, subject_id uuid, expected_cents bigint, actual_cents bigint)
language sql stable as $$
  -- A wallet holds what its entries say.
  select 'wallet_balance', a.id, coalesce(e.balance, 0)::bigint, a.balance_cents
  from accounts a
  left join (
    select account_id, sum(amount) as balance from (
      select credit_account_id as account_id, amount_cents as amount from entries
      union all
      select debit_account_id, -amount_cents from entries
    ) moves group by account_id
  ) e on e.account_id = a.id
  where a.kind = 'wallet' and a.balance_cents <> coalesce(e.balance, 0)

  union all
  -- A captured payment is booked once, in full; any other one not at all.
  select 'payment_booking', p.id, case p.status when 'captured' then p.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from payments p
  left join entries e on e.payment_id = p.id and e.kind in ('payment', 'top_up')
  group by p.id
  having coalesce(sum(e.amount_cents), 0) <> case p.status when 'captured' then p.amount_cents else 0 end

  union all
  -- A refund is booked once when it has succeeded, and not before.
  select 'refund_booking', r.id, case r.status when 'succeeded' then r.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from refunds r
  left join entries e on e.refund_id = r.id
  group by r.id
  having coalesce(sum(e.amount_cents), 0) <> case r.status when 'succeeded' then r.amount_cents else 0 end

  union all
  -- A payment knows its refunds, and they never exceed it.
  select 'refunded_amount', p.id, coalesce(sum(r.amount_cents), 0)::bigint, p.refunded_cents
  from payments p
  left join refunds r on r.payment_id = p.id and r.status <> 'failed'
  group by p.id
  having p.refunded_cents <> coalesce(sum(r.amount_cents), 0) or p.refunded_cents > p.amount_cents

  union all
  -- Whatever the kitchen was asked to make has one payment behind it, of the right amount.
  select 'order_unpaid', o.id, o.total_cents, coalesce(sum(p.amount_cents), 0)::bigint
  from orders o
  left join payments p on p.order_id = o.id and payment_is_paid(p.status)
  where order_is_sold(o.status)
  group by o.id
  having o.total_cents <> coalesce(sum(p.amount_cents), 0)

  union all
  -- An order that fell through keeps nobody's money.
  select 'order_not_returned', o.id, 0, (p.amount_cents - p.refunded_cents)::bigint
  from orders o
  join payments p on p.order_id = o.id and payment_is_paid(p.status)
  where order_fell_through(o.status) and (p.status = 'authorized' or p.amount_cents > p.refunded_cents)
$$;
