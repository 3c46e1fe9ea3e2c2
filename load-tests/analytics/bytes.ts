import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** What grows with orders; the rest of the database does not. */
const tables = ['orders', 'order_items', 'events', 'payments', 'refunds', 'entries', 'feed']

/** Bytes per order on the disk: of each table, of its indexes together and each, of all rollups, and of all of it. */
export async function measureBytes(db: Kysely<Schema>, orders: number): Promise<Record<string, number>> {
  const rollups = await listRollups(db)
  const { rows } = await sql<{ name: string; heap: number; indexes: number }>`
    select relname as name, pg_table_size(oid)::float8 as heap, pg_indexes_size(oid)::float8 as indexes
    from pg_class
    where relnamespace = 'public'::regnamespace and relname = any (${[...tables, ...rollups]})`.execute(db)
  const indexes = await sql<{ name: string; table: string; bytes: number }>`
    select i.relname as name, t.relname as table, pg_relation_size(i.oid)::float8 as bytes
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace and t.relname = any (${tables}) order by i.relname`.execute(
    db,
  )
  const indexesOf = (name: string) =>
    indexes.rows
      .filter(({ table }) => table === name)
      .map((index): [string, number] => [`${name}, index ${index.name}`, index.bytes / orders])
  const sum = (names: readonly string[], part: 'heap' | 'indexes') =>
    rows.filter(({ name }) => names.includes(name)).reduce((total, row) => total + row[part], 0) / orders
  const all = [...tables, ...rollups]
  return {
    ...Object.fromEntries(
      tables.flatMap((name): [string, number][] => [
        [name, sum([name], 'heap')],
        [`${name}, indexes`, sum([name], 'indexes')],
        ...indexesOf(name),
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
