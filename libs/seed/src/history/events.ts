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

/** Columns of `history_orders`, which are not null where the order made the move. */
const placedData = sql`jsonb_build_object('total_cents', o.total_cents, 'currency', o.currency,
  'payment_method', o.payment_method, 'pickup_kind', o.pickup_kind)`
const attempts = sql`(o.payment_method = 'card')::integer`

interface Move {
  status: ReturnType<typeof sql>
  /** When it was made; null: never. */
  at: ReturnType<typeof sql>
  actor: ReturnType<typeof sql>
  version: ReturnType<typeof sql>
  reason?: ReturnType<typeof sql>
  data?: ReturnType<typeof sql>
}

const lifecycle: Move[] = [
  {
    status: sql`'pending_payment'`,
    at: sql`case o.payment_method when 'card' then o.created_at end`,
    actor: sql`'customer'`,
    version: sql`1`,
    data: placedData,
  },
  {
    status: sql`'placed'`,
    at: sql`o.placed_at`,
    actor: sql`'customer'`,
    version: sql`${attempts} + 1`,
    data: placedData,
  },
  {
    status: sql`${moves.accept.to}::text`,
    at: sql`o.accepted_at`,
    actor: sql`'staff'`,
    version: sql`${attempts} + 2`,
  },
  {
    status: sql`${moves.start.to}::text`,
    at: sql`o.started_at`,
    actor: sql`'staff'`,
    version: sql`${attempts} + 3`,
  },
  {
    status: sql`${moves.ready.to}::text`,
    at: sql`o.ready_at`,
    actor: sql`'staff'`,
    version: sql`${attempts} + 4`,
    // What the promise was made of is in the event where it came from an estimate, and not from the slot alone.
    data: sql`case when o.pickup_at > o.starts_at
      then jsonb_build_object('promised_at', o.pickup_at, 'estimated_at', o.created_at, 'naive_seconds', o.make_seconds,
        'wait_seconds', 0, 'naive_at', o.pickup_at)
      else jsonb_build_object('promised_at', o.pickup_at) end`,
  },
  {
    status: sql`o.status`,
    at: sql`o.closed_at`,
    actor: sql`o.closed_by`,
    version: sql`${attempts} + num_nonnulls(o.placed_at, o.accepted_at, o.started_at, o.ready_at) + 1`,
    reason: sql`o.reason`,
  },
]

/** A scan for each move: a list of values beside each order would be compiled anew for each of them. */
const orderMoves = sql.join(
  lifecycle.map(
    ({ status, at, actor, version, reason = sql`null::text`, data = sql`null::jsonb` }, index) => sql`
      select o.n, ${sql.lit(index + 1)}::numeric as step, o.id as order_id, o.cafeteria_id, ${version} as version,
        'order.' || ${status} as type,
        case ${actor} when 'customer' then o.user_id when 'staff' then ${historyStaffId}::uuid end as actor_id,
        ${actor} as actor_role, ${reason} as reason, ${data} as data, ${at} as at
      from history_orders o where ${at} is not null`,
  ),
  sql` union all `,
)
