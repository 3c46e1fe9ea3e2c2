import type { Schema } from '@comanda/database'
import type { DashboardChange } from '@comanda/events'
import { orderStatuses } from '@comanda/ordering'
import { type Kysely, sql } from 'kysely'

/** For each member of `summary`, what is summed of the rollups. */
const columns = {
  placed: 'placed',
  items: 'items',
  rejected: 'rejected',
  cancelled: 'cancelled',
  abandoned: 'abandoned',
  expired: 'expired',
  ready: 'ready',
  collected: 'collected',
  uncollected: 'uncollected',
  grossCents: 'gross_cents',
  lostCents: 'lost_cents',
  salesCents: 'gross_cents - lost_cents',
  visits: 'customers',
  newCustomers: 'new_customers',
} satisfies Record<Exclude<keyof DashboardChange['summary'], 'averageOrderCents'>, string>

// A day on which nothing was counted has no row, and a sum of no rows is null.
const counts = sql.join(
  Object.entries(columns).map(
    ([name, column]) => sql`${sql.lit(name)}, coalesce(sum(${sql.raw(column)}), 0)::bigint`,
  ),
)

/**
 * Reads today's numbers of some cafeterias from the rollups, by their keys and in one statement. `summary` and
 * `asOf` are what analytics answers about today under these names.
 *
 * The number is the transaction id of the position of the rollups, so it grows with what they contain.
 */
export async function listDashboardChanges(
  db: Kysely<Schema>,
  cafeteriaIds: readonly string[],
): Promise<DashboardChange[]> {
  const { rows } = await sql<DashboardChange>`
    with counted as materialized (
      select p.xid::text::bigint as number, coalesce(
        (
          select min(unread.at) from (
            select e.at from events e where (e.xid, e.id) > (p.xid, p.event_id) order by e.xid, e.id limit 100
          ) unread
        ),
        statement_timestamp()
      ) as as_of
      from event_positions p where p.consumer = 'rollups'
    )
    select c.id as cafeteria_id, today.date::text as day, counted.number, counted.as_of, (
      select jsonb_build_object(${counts},
        'averageOrderCents', round(sum(gross_cents)::numeric / nullif(sum(placed), 0))::bigint)
      from rollup_days where cafeteria_id = c.id and day = today.date
    ) as summary, (
      select jsonb_agg(jsonb_build_object('status', s.status, 'orders', coalesce(r.orders, 0)) order by s.place)
      from unnest(${[...orderStatuses]}::text[]) with ordinality s (status, place)
      left join rollup_statuses r on r.cafeteria_id = c.id and r.day = today.date and r.status = s.status
    ) as statuses
    from cafeterias c
    cross join counted
    cross join lateral (select date_at(now(), c.time_zone) as date) today
    where c.id = any (${cafeteriaIds}::uuid[]) and c.deleted_at is null`.execute(db)
  return rows
}
