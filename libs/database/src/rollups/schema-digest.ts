import type pg from 'pg'

/** Reads a digest of what was migrated so far: it differs as soon as another migration was applied, or a file of functions. */
export async function readSchemaDigest(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(`
    select md5(concat(
      (select string_agg(name, ' ' order by name) from schema_migrations), '\n',
      (select string_agg(concat(file, ' ', digest), ' ' order by file) from function_files))) as digest`)
  return rows[0]?.digest as string
}
