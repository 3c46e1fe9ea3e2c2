import { sql } from 'kysely'
import { historyStaffId } from './customers.ts'

const ofPayment = sql`'payment_id', p.payment_id, 'user_id', p.user_id, 'method', p.method, 'provider', p.provider,
  'amount_cents', p.total_cents, 'currency', p.currency`

/** What became of cards and refunds, each just after the move with which it came, and the top-ups of wallets. A wallet's payment is its order's `order.placed`. */
export const moneyEvents = sql`
  select p.n, e.step, p.order_id, p.cafeteria_id, null::integer, e.type,
    case when e.by_closer then case p.closed_by when 'customer' then p.user_id when 'staff' then ${historyStaffId}::uuid end end,
    case when e.by_closer then p.closed_by else 'system' end,
    case when e.type like 'refund.%' then coalesce(p.reason, p.status) end,
    case when e.type like 'refund.%' then jsonb_build_object('refund_id', p.refund_id, ${ofPayment})
      else jsonb_build_object('purpose', 'order', 'decline_code', case e.type when 'payment.declined' then 'insufficient_funds' end,
        ${ofPayment}) end,
    e.at
  from history_payments p
  cross join lateral (values
    (1.5, 'payment.declined', false, case when p.status in ('expired', 'pending_payment') then p.created_at end),
    (1.6, 'payment.authorized', false, case p.method when 'card' then p.placed_at end),
    (4.5, 'payment.captured', false, case p.method when 'card' then p.captured_at end),
    (6.5, 'payment.voided', false, case when p.method = 'card' and p.placed_at is not null and p.captured_at is null then p.closed_at end),
    (6.6, 'refund.requested', true, case p.method when 'card' then p.refunded_at end),
    (6.7, 'refund.succeeded', p.method = 'wallet', p.refunded_at)
  ) e (step, type, by_closer, at)
  where e.at is not null and p.total_cents > 0
  union all
  select t.n, 0, null, null, null, 'wallet.topped_up', null, 'system', null,
    jsonb_build_object('payment_id', pg_temp.id_at(t.at, t.n, 'top-up'), 'user_id', t.user_id, 'purpose', 'top_up', 'method', 'card',
      'provider', 'sandbox', 'amount_cents', t.amount_cents, 'currency', t.currency, 'decline_code', null), t.at
  from history_top_ups t`
