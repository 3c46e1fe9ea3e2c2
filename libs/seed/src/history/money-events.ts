import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Inserts the events of the payments, refunds and top-ups that `insertMoney` has made. A wallet that pays an order has none. */
export async function insertMoneyEvents(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into events (type, cafeteria_id, order_id, actor_role, data, at)
    select e.type, p.cafeteria_id, p.order_id, 'system', jsonb_build_object('payment_id', p.payment_id, 'purpose', 'order',
      'user_id', p.user_id, 'method', 'card', 'provider', 'sandbox', 'amount_cents', p.total_cents, 'currency', p.currency,
      'decline_code', case e.type when 'payment.declined' then 'insufficient_funds' end), e.at
    from history_payments p
    cross join lateral (values
      ('payment.declined', case when p.placed_at is null then p.created_at end),
      ('payment.authorized', p.placed_at),
      ('payment.captured', p.captured_at),
      ('payment.voided', case when p.captured_at is null and p.placed_at is not null then p.closed_at end)
    ) e (type, at)
    where p.method = 'card' and e.at is not null
    order by e.at, p.n`.execute(tx)
  await sql`
    insert into events (type, cafeteria_id, order_id, actor_role, reason, data, at)
    select 'refund.succeeded', p.cafeteria_id, p.order_id, 'system', coalesce(p.reason, p.status),
      jsonb_build_object('refund_id', p.refund_id, 'payment_id', p.payment_id, 'user_id', p.user_id, 'method', p.method,
        'provider', case p.method when 'wallet' then 'wallet' else 'sandbox' end, 'amount_cents', p.total_cents,
        'currency', p.currency), p.refunded_at
    from history_payments p where p.refunded_at is not null and p.total_cents > 0
    order by p.refunded_at, p.n`.execute(tx)
  await sql`
    insert into events (type, actor_role, data, at)
    select 'wallet.topped_up', 'system', jsonb_build_object('payment_id', pg_temp.id_at(at, n, 'top-up'), 'purpose', 'top_up',
      'user_id', user_id, 'method', 'card', 'provider', 'sandbox', 'amount_cents', amount_cents, 'currency', currency,
      'decline_code', null), at
    from history_top_ups order by n`.execute(tx)
}
