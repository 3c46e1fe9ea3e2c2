import type { Schema } from '@comanda/database'
import type { Dashboard } from '@comanda/events'
import { fellThroughStatuses, type OrderStatus, orderStatuses } from '@comanda/ordering'
import { type Kysely, sql } from 'kysely'

/** Today's orders of one cafeteria that have one status. */
interface StatusTotals {
  cafeteriaId: string
  date: string
  currency: string
  seq: number
  status: OrderStatus
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
  // It reads status by status, so that Postgres uses the index `orders_cafeteria_status`, of which it wants every row that it reads;
  // by time alone it would read the orders of all cafeterias.
  const { rows } = await sql<StatusTotals>`
    select c.id as cafeteria_id, date::text as date, c.currency, coalesce(h.seq, 0) as seq, s.status, o.*
    from cafeterias c
    left join feed_heads h on h.cafeteria_id = c.id
    cross join lateral (select date_at(now(), c.time_zone) as date) today
    cross join unnest(${orderStatuses}::text[]) s (status)
    cross join lateral (
      select count(*) as orders, count(placed_at) as placed, count(ready_at) as prepared,
        coalesce(sum(total_cents) filter (where placed_at is not null), 0)::bigint as revenue_cents,
        coalesce(sum(extract(epoch from ready_at - started_at)), 0)::double precision as preparation_seconds
      from orders
      where cafeteria_id = c.id and orders.status = s.status
        and created_at >= instant_of(today.date, c.time_zone)
    ) o
    where c.id = any (${cafeteriaIds}::uuid[]) and c.deleted_at is null`.execute(db)
  const byCafeteria = Map.groupBy(rows, ({ cafeteriaId }) => cafeteriaId)
  return new Map([...byCafeteria].map(([cafeteriaId, ofStatuses]) => [cafeteriaId, dashboardOf(ofStatuses)]))
}

function dashboardOf(rows: StatusTotals[]): Dashboard {
  const { date, currency, seq } = rows[0] as StatusTotals
  const sum = (of: (row: StatusTotals) => number) => rows.reduce((total, row) => total + of(row), 0)
  const prepared = sum((row) => row.prepared)
  const statuses = Object.fromEntries(rows.map((row) => [row.status, row.orders])) as Dashboard['statuses']
  return {
    date,
    seq,
    statuses,
    placedOrders: sum((row) => row.placed),
    collectedOrders: statuses.collected,
    revenueCents: sum((row) => (fellThroughStatuses.includes(row.status) ? 0 : row.revenueCents)),
    currency,
    averagePreparationSeconds: prepared === 0 ? null : sum((row) => row.preparationSeconds) / prepared,
  }
}
