import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** What grows with orders; the rest of the database does not. */
const tables = ['orders', 'order_items', 'events', 'payments', 'refunds', 'entries', 'feed']

/** Bytes per order on the disk: of each table and of its indexes, of all rollups, and of all of it. */
export async function measureBytes(db: Kysely<Schema>, orders: number): Promise<Record<string, number>> {
  const rollups = await listRollups(db)
  const { rows } = await sql<{ name: string; heap: number; indexes: number }>`
    select relname as name, pg_table_size(oid)::float8 as heap, pg_indexes_size(oid)::float8 as indexes
    from pg_class
    where relnamespace = 'public'::regnamespace and relname = any (${[...tables, ...rollups]})`.execute(db)
  const sum = (names: readonly string[], part: 'heap' | 'indexes') =>
    rows.filter(({ name }) => names.includes(name)).reduce((total, row) => total + row[part], 0) / orders
  const all = [...tables, ...rollups]
  return {
    ...Object.fromEntries(
      tables.flatMap((name) => [
        [name, sum([name], 'heap')],
        [`${name}, indexes`, sum([name], 'indexes')],
      ]),
    ),
    'rollups, with indexes': sum(rollups, 'heap') + sum(rollups, 'indexes'),
    'all of it': sum(all, 'heap') + sum(all, 'indexes'),
  }
}

async function listRollups(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ tables: string[] }>`select rollup_tables() as tables`.execute(db)
  return rows[0]?.tables ?? []
}
