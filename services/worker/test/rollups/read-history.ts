import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Times are microseconds since 1970. */
export interface HistoricEvent {
  id: number
  type: string
  version: number | null
  at: number
  data: Record<string, unknown> | null
}

export interface HistoricOrder {
  id: string
  cafeteriaId: string
  userId: string
  totalCents: number
  createdAt: number
  lines: { productId: string; quantity: number; unitPriceCents: number }[]
  /** Moves first, in their order, then events of money by id. */
  events: HistoricEvent[]
}

export interface History {
  orders: HistoricOrder[]
  /** The time zones of each cafeteria, the last first. */
  zones: Map<string, { since: number; timeZone: string }[]>
}

/** Reads everything that ever happened to the orders of some cafeterias, as it is in the log, and what never changes of the orders. */
export async function readHistory(db: Kysely<Schema>, cafeteriaIds: readonly string[]): Promise<History> {
  const micros = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000000)::bigint`)
  const { rows: orders } = await sql<HistoricOrder>`
    select id, cafeteria_id, user_id, total_cents::bigint, ${micros('created_at')} as created_at,
      (select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity, 'unitPriceCents', unit_price_cents))
        from order_items where order_id = orders.id) as lines,
      (select jsonb_agg(jsonb_build_object('id', id, 'type', type, 'version', version, 'at', ${micros('at')}, 'data', data)
        order by version nulls last, id) from events where order_id = orders.id) as events
    from orders where cafeteria_id = any (${cafeteriaIds}::uuid[])`.execute(db)
  const { rows: zones } = await sql<{ cafeteriaId: string; since: number | null; timeZone: string }>`
    select cafeteria_id, time_zone, case when since > '-infinity' then ${micros('since')} end as since
    from cafeteria_time_zones where cafeteria_id = any (${cafeteriaIds}::uuid[])
    order by cafeteria_time_zones.since desc`.execute(db)
  const known = zones.map(({ cafeteriaId, since, timeZone }) => ({
    cafeteriaId,
    timeZone,
    since: since ?? Number.NEGATIVE_INFINITY,
  }))
  return { orders, zones: Map.groupBy(known, ({ cafeteriaId }) => cafeteriaId) }
}
