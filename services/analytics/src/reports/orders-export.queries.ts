import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { FileColumn } from './columns.ts'
import { lineOf } from './csv-cells.ts'
import type { CsvPage, Days } from './reports.queries.ts'

/** What is written of an order. The names are those of its columns, but for the money that went back. */
export const orderColumns: readonly FileColumn[] = [
  { name: 'createdAt', cell: 'instant' },
  { name: 'id', cell: 'plain' },
  { name: 'number', cell: 'plain' },
  { name: 'userId', cell: 'plain' },
  { name: 'status', cell: 'plain' },
  { name: 'paymentMethod', cell: 'plain' },
  { name: 'currency', cell: 'plain' },
  { name: 'totalCents', cell: 'cents' },
  { name: 'refundedCents', cell: 'cents' },
  { name: 'pickupAt', cell: 'instant' },
  { name: 'promisedAt', cell: 'instant' },
  { name: 'placedAt', cell: 'instant' },
  { name: 'startedAt', cell: 'instant' },
  { name: 'readyAt', cell: 'instant' },
  { name: 'closedAt', cell: 'instant' },
]

/** How many orders are read at once: 2 MB of lines, which Postgres writes within a twentieth of a second. */
const pageSize = 5000

/**
 * Reads the lines of the next orders that were made on some days, earliest first. Each page is an index scan from where the last one
 * ended, so that it costs the same however many came before.
 * @param after where the last page ended; null for the first one
 */
export async function readOrdersPage(
  db: Kysely<Schema>,
  { cafeteriaId, from, to }: Days,
  { timeZone, digits, after }: { timeZone: string; digits: number; after: string | null },
): Promise<CsvPage> {
  const [createdAt = null, orderId = null] = after?.split('|') ?? []
  // Postgres writes instants in the time zone of the session, which is that of the cafeteria until this statement ends: the orders are
  // not read before it is set, because they depend on it.
  const { rows } = await sql<CsvPage>`
    with page as materialized (
      select o.*, coalesce(paid.refunded_cents, 0) as refunded_cents
      from (select set_config('TimeZone', ${timeZone}, true) as time_zone) zone
      cross join lateral (
        select id, number, user_id, status, payment_method, currency, total_cents, created_at, pickup_at, promised_at, placed_at,
          started_at, ready_at, closed_at
        from orders
        where cafeteria_id = ${cafeteriaId} and zone.time_zone is not null
          and created_at >= instant_of(${from}::date, ${timeZone}) and created_at < instant_of(${to}::date + 1, ${timeZone})
          and (${after}::text is null or (created_at, id) > (${createdAt}::timestamptz, ${orderId}::uuid))
        order by created_at, id
        limit ${pageSize}
      ) o
      left join lateral (select sum(refunded_cents) as refunded_cents from payments where order_id = o.id) paid on true
    )
    select coalesce(string_agg(lines.line, '' order by lines.created_at, lines.id), '') as lines, count(*) as rows,
      (
        select created_at || '|' || id from page where (select count(*) from page) = ${pageSize}
        order by created_at desc, id desc limit 1
      ) as next
    from (select ${lineOf('page', orderColumns, digits)} as line, page.created_at, page.id from page) lines`.execute(
    db,
  )
  return rows[0] as CsvPage
}
