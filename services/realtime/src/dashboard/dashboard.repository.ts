import { type OrderStatus, orderStatuses, type Schema } from '@comanda/database'
import type { Dashboard } from '@comanda/events'
import { type Kysely, sql } from 'kysely'

/** The orders of one status, or a row without a status for a cafeteria that has none today. */
interface Row {
  cafeteriaId: string
  date: string
  currency: string
  seq: number
  status: OrderStatus | null
  orders: number
  placed: number
  revenueCents: number
  prepared: number
  preparationSeconds: number
}

/** Today's orders of these cafeterias, in one statement that reads only those. Those that do not exist are left out. */
export async function listDashboards(
  db: Kysely<Schema>,
  cafeteriaIds: readonly string[],
): Promise<Map<string, Dashboard>> {
  const { rows } = await sql<Row>`
    with today as (
      select id, currency, date, date::timestamp at time zone time_zone as midnight
      from cafeterias, lateral (select (now() at time zone time_zone)::date as date) here
      where id = any (${cafeteriaIds}::uuid[]) and deleted_at is null
    )
    select t.id as cafeteria_id, t.date::text as date, t.currency, coalesce(h.seq, 0) as seq, o.*
    from today t
    left join feed_heads h on h.cafeteria_id = t.id
    left join lateral (
      select status, count(*) as orders, count(placed_at) as placed, count(ready_at) as prepared,
        coalesce(sum(total_cents) filter (where placed_at is not null), 0)::bigint as revenue_cents,
        coalesce(sum(extract(epoch from ready_at - started_at)), 0)::double precision as preparation_seconds
      from orders
      where cafeteria_id = t.id and created_at >= t.midnight
      group by status
    ) o on true`.execute(db)
  const byCafeteria = Map.groupBy(rows, ({ cafeteriaId }) => cafeteriaId)
  return new Map([...byCafeteria].map(([cafeteriaId, ofStatuses]) => [cafeteriaId, dashboardOf(ofStatuses)]))
}

/** Their money goes back. */
const fellThrough: ReadonlySet<OrderStatus | null> = new Set(['rejected', 'cancelled'])

function dashboardOf(rows: Row[]): Dashboard {
  const { date, currency, seq } = rows[0] as Row
  const ofStatuses = rows.filter(({ status }) => status !== null)
  const sum = (of: (row: Row) => number) => ofStatuses.reduce((total, row) => total + of(row), 0)
  const ordersIn = (status: OrderStatus) => sum((row) => (row.status === status ? row.orders : 0))
  const prepared = sum((row) => row.prepared)
  return {
    date,
    seq,
    statuses: Object.fromEntries(orderStatuses.map((one) => [one, ordersIn(one)])) as Dashboard['statuses'],
    placedOrders: sum((row) => row.placed),
    collectedOrders: ordersIn('collected'),
    revenueCents: sum((row) => (fellThrough.has(row.status) ? 0 : row.revenueCents)),
    currency,
    averagePreparationSeconds: prepared === 0 ? null : sum((row) => row.preparationSeconds) / prepared,
  }
}
