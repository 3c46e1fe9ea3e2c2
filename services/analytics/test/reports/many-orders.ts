import { randomUUID } from 'node:crypto'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Orders every two minutes from the first of January 2026 on, with payments, as if they had been placed and collected. */
export async function addManyOrders(db: Kysely<Schema>, orders: number): Promise<string> {
  const cafeteriaId = randomUUID()
  await sql`insert into cafeterias (id, slug, name, time_zone, currency)
    values (${cafeteriaId}, ${cafeteriaId}, 'Kitchen', 'America/Mexico_City', 'MXN')`.execute(db)
  await sql`insert into orders (cafeteria_id, user_id, slot_id, status, total_cents, currency, make_seconds, payment_method, pickup_at,
      pickup_until, promised_at, pickup_date, number, pickup_code, created_at, placed_at, accepted_at, started_at, ready_at, closed_at, items)
    select ${cafeteriaId}, gen_random_uuid(), gen_random_uuid(), 'collected', 6500, 'MXN', 60, 'wallet', at, at, at, at::date,
      n, n, at, at, at, at, at, at, '[]'
    from (select n, timestamptz '2026-01-01 06:00Z' + n * interval '2 minutes' as at from generate_series(1, ${orders}::integer) n) n`.execute(
    db,
  )
  await sql`insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status)
    select 'order', id, user_id, 'wallet', total_cents, 'MXN', 'captured' from orders
    where cafeteria_id = ${cafeteriaId}`.execute(db)
  await sql`analyze orders, payments`.execute(db)
  return cafeteriaId
}

/** The query of all of them. */
export const allOrders = (cafeteriaId: string) =>
  `/v1/reports/orders?cafeteriaId=${cafeteriaId}&from=2026-01-01&to=2026-12-31`
