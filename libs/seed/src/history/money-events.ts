import { sql } from 'kysely'
import { historyStaffId } from './customers.ts'

const ofPayment = sql`'payment_id', p.payment_id, 'user_id', p.user_id, 'method', p.method, 'provider', p.provider,
  'amount_cents', p.total_cents, 'currency', p.currency`

interface Outcome {
  type: string
  /** Its place among the moves of the order: after the second comes 2.5. */
  step: number
  /** When it happened; null: never. */
  at: ReturnType<typeof sql>
  /** Whether who ended the order did it, and not the system. */
  byCloser?: ReturnType<typeof sql>
}

const never = sql`false`
const outcomes: Outcome[] = [
  {
    type: 'payment.declined',
    step: 1.5,
    at: sql`case when p.status in ('expired', 'pending_payment') then p.created_at end`,
  },
  { type: 'payment.authorized', step: 1.6, at: sql`case p.method when 'card' then p.placed_at end` },
  { type: 'payment.captured', step: 4.5, at: sql`case p.method when 'card' then p.captured_at end` },
  {
    type: 'payment.voided',
    step: 6.5,
    at: sql`case when p.method = 'card' and p.placed_at is not null and p.captured_at is null then p.closed_at end`,
  },
  {
    type: 'refund.requested',
    step: 6.6,
    at: sql`case p.method when 'card' then p.refunded_at end`,
    byCloser: sql`true`,
  },
  { type: 'refund.succeeded', step: 6.7, at: sql`p.refunded_at`, byCloser: sql`p.method = 'wallet'` },
]

function eventsOf({ type, step, at, byCloser = never }: Outcome) {
  const isRefund = type.startsWith('refund.')
  const reason = isRefund ? sql`coalesce(p.reason, p.status)` : sql`null::text`
  const declineCode = type === 'payment.declined' ? sql`'insufficient_funds'` : sql`null::text`
  const data = isRefund
    ? sql`jsonb_build_object('refund_id', p.refund_id, ${ofPayment})`
    : sql`jsonb_build_object('purpose', 'order', 'decline_code', ${declineCode}, ${ofPayment})`
  return sql`
    select p.n, ${sql.lit(step)}::numeric, p.order_id, p.cafeteria_id, null::integer, ${sql.lit(type)},
      case when ${byCloser} then case p.closed_by when 'customer' then p.user_id when 'staff' then ${historyStaffId}::uuid end end,
      case when ${byCloser} then p.closed_by else 'system' end, ${reason}, ${data}, ${at}
    from history_payments p where ${at} is not null and p.total_cents > 0`
}

/**
 * What became of cards and refunds, each just after the move with which it came, and the top-ups of wallets. A wallet's payment is its
 * order's `order.placed`.
 */
export const moneyEvents = sql`
  ${sql.join(outcomes.map(eventsOf), sql` union all `)}
  union all
  select t.n, 0, null, null, null, 'wallet.topped_up', null, 'system', null,
    jsonb_build_object('payment_id', pg_temp.id_at(t.at, t.n, 'top-up'), 'user_id', t.user_id, 'purpose', 'top_up', 'method', 'card',
      'provider', 'sandbox', 'amount_cents', t.amount_cents, 'currency', t.currency, 'decline_code', null), t.at
  from history_top_ups t`
