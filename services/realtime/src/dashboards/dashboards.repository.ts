import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Lists those of the cafeterias that exist, by id. */
export async function listExisting(
  db: Kysely<Schema>,
  cafeteriaIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('cafeterias')
    .select('id')
    .where('id', '=', sql<string>`any(${cafeteriaIds}::uuid[])`)
    .where('deletedAt', 'is', null)
    .execute()
  return new Map(rows.map(({ id }) => [id, id]))
}
