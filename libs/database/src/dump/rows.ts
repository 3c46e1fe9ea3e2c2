import type { Client } from 'pg'
import type { Table } from './tables.ts'

/** Which rows are dumped: `constants` are those that every migrated database holds. */
export type WhichRows = 'constants' | 'all'

interface DumpedColumn {
  name: string
  identity: boolean
  /** Whether it is filled by a function, as with the time or a new id. */
  computed: boolean
}

/** An `INSERT` for each table that has rows, in the order of `tables`; for an identity column also what sets its sequence. */
export async function dumpRows(client: Client, tables: Table[], which: WhichRows): Promise<string[]> {
  const dumped: string[] = []
  for (const table of tables) {
    // Digests would change with every edit of a function.
    if (which === 'constants' && table.name === 'function_files') continue
    const columns = await listColumns(client, table)
    const kept =
      which === 'all' ? columns : columns.filter(({ computed, identity }) => !computed && !identity)
    const rows = await listRows(client, table, kept)
    if (rows.length === 0) continue
    const overriding = kept.some(({ identity }) => identity) ? ' OVERRIDING SYSTEM VALUE' : ''
    const names = kept.map(({ name }) => name).join(', ')
    dumped.push(`INSERT INTO ${table.name} (${names})${overriding} VALUES\n  ${rows.join(',\n  ')};`)
    for (const { name } of kept.filter(({ identity }) => identity))
      dumped.push(
        `SELECT setval(pg_get_serial_sequence('${table.name}', '${name}'), max(${name})) FROM ${table.name};`,
      )
  }
  return dumped
}

async function listColumns(client: Client, { oid }: Table): Promise<DumpedColumn[]> {
  const { rows } = await client.query<DumpedColumn>(
    `select quote_ident(a.attname) as name, a.attidentity <> '' as identity,
       coalesce(pg_get_expr(d.adbin, d.adrelid) ~ '\\(', false) as computed
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
    [oid],
  )
  return rows
}

/** The values of each row, in the order of the first columns. */
async function listRows(client: Client, { name }: Table, columns: DumpedColumn[]): Promise<string[]> {
  const values = columns.map((column) => `quote_nullable(${column.name}::text)`)
  const { rows } = await client.query<{ text: string }>(
    `select format('(%s)', concat_ws(', ', ${values.join(', ')})) as text from ${name} order by text`,
  )
  return rows.map(({ text }) => text)
}
