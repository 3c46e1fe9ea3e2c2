import type { Client } from 'pg'

/** `CREATE EXTENSION` for each extension that a migration has created, by name. */
export async function dumpExtensions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    select format('CREATE EXTENSION IF NOT EXISTS %I;', extname) as text
    from pg_extension where extname not in ('plpgsql', 'pg_stat_statements') order by extname
  `)
  return rows.map(({ text }) => text)
}
