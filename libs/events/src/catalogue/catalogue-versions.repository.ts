import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'

/** The version of a cafeteria's catalogue, at least 1; undefined when there is no such cafeteria. */
export async function findCatalogueVersion(
  db: Kysely<Schema>,
  cafeteriaId: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('catalogueVersions')
    .select('version')
    .where('cafeteriaId', '=', cafeteriaId)
    .executeTakeFirst()
  return row?.version
}
