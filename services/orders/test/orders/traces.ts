import { sql } from 'kysely'
import type { CampusApp } from './campus-app.ts'

/** Counts everything that an order may leave behind. */
export async function traces({ database: { primary } }: CampusApp) {
  const { rows } = await sql`select
    (select count(*) from orders) as orders, (select count(*) from order_items) as items,
    (select count(*) from events) as events, (select count(*) from payments) as payments,
    (select count(*) from entries) as entries, (select count(*) from idempotency_keys) as keys,
    (select sum(balance_cents) from accounts) as balance, (select sum(stock_quantity) from products) as stock,
    (select sum(reserved_orders) from pickup_slots) as places`.execute(primary)
  return rows[0]
}
