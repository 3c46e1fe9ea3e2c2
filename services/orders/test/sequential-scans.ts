import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** The tables that grow with every order, customer and message. The size of the others depends only on the campus. */
export const growingTables = [
  'accounts',
  'audit_log',
  'entries',
  'feed',
  'idempotency_keys',
  'events',
  'order_items',
  'orders',
  'payments',
  'pickup_slots',
  'provider_events',
  'refresh_tokens',
  'refunds',
  'sessions',
  'users',
] as const

/**
 * Returns which of the tables, by default the growing ones, `work` read from end to end. The pool must have a single connection,
 * because Postgres counts scans per connection, and publishes the counts when it sees fit or, as here, when that connection asks for it.
 */
export async function tablesScanned(
  db: Kysely<Schema>,
  work: () => Promise<unknown>,
  tables: readonly string[] = growingTables,
): Promise<string[]> {
  const before = await countScans(db)
  await work()
  const after = await countScans(db)
  return tables.filter((table) => (after.get(table) ?? 0) > (before.get(table) ?? 0))
}

async function countScans(db: Kysely<Schema>): Promise<Map<string, number>> {
  await sql`select pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ relname: string; seqScan: number }>`
    select relname, seq_scan from pg_stat_user_tables`.execute(db)
  return new Map(rows.map(({ relname, seqScan }) => [relname, seqScan]))
}
