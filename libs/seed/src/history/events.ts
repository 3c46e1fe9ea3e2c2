import type { Schema } from '@comanda/database'
import { moves } from '@comanda/ordering'
import { sql, type Transaction } from 'kysely'
import { historyStaffId } from './customers.ts'
import { moneyEvents } from './money-events.ts'

/** Appends what happened to the log, in the order in which it did: one event per move, with versions from 1 on, and those of money. */
export async function insertEvents(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into events (order_id, cafeteria_id, version, type, actor_id, actor_role, reason, data, at)
    select order_id, cafeteria_id, version, type, actor_id, actor_role, reason, data, at
    from (${orderMoves} union all ${moneyEvents}) happened
    order by at, n, step`.execute(tx)
}

const orderMoves = sql`
  select o.n, e.step, o.id as order_id, o.cafeteria_id, (row_number() over (partition by o.n order by e.step))::integer as version,
    'order.' || e.status as type,
    case e.actor when 'customer' then o.user_id when 'staff' then ${historyStaffId}::uuid end as actor_id,
    e.actor as actor_role, case e.step when 6 then o.reason end as reason,
    case when e.step <= 2 then jsonb_build_object('total_cents', o.total_cents, 'currency', o.currency,
        'payment_method', o.payment_method, 'pickup_kind', o.pickup_kind)
      when e.step = 5 then jsonb_build_object('promised_at', o.pickup_at) || case when o.pickup_at > o.starts_at
        then jsonb_build_object('estimated_at', o.created_at, 'naive_seconds', o.make_seconds, 'wait_seconds', 0, 'naive_at', o.pickup_at)
        else '{}' end
      end as data,
    e.at
  from history_orders o
  cross join lateral (values
    (1, 'pending_payment', case o.payment_method when 'card' then o.created_at end, 'customer'),
    (2, 'placed', o.placed_at, 'customer'),
    (3, ${moves.accept.to}, o.accepted_at, 'staff'),
    (4, ${moves.start.to}, o.started_at, 'staff'),
    (5, ${moves.ready.to}, o.ready_at, 'staff'),
    (6, o.status, o.closed_at, o.closed_by)
  ) e (step, status, at, actor)
  where e.at is not null`
