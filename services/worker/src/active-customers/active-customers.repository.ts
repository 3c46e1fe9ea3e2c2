import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface ActiveCustomers {
  fiveMinutes: number
  day: number
}

/** Counts the customers who have placed an order within the last five minutes, and within a day. It reads a day's orders, by index. */
export async function countActiveCustomers(db: Kysely<Schema>): Promise<ActiveCustomers> {
  const { rows } = await sql<ActiveCustomers>`
    select count(distinct user_id) filter (where created_at > now() - interval '5 minutes')::integer as five_minutes,
      count(distinct user_id)::integer as day
    from orders where created_at > now() - interval '1 day'`.execute(db)
  return rows[0] as ActiveCustomers
}
