import type { Schema } from '@comanda/database'
import type { CatalogueChanged } from '@comanda/events'
import { type Kysely, sql } from 'kysely'

/** The newest change of each of these cafeterias, those left out that do not exist. */
export function listNewestChanges(
  db: Kysely<Schema>,
  cafeteriaIds: readonly string[],
): Promise<CatalogueChanged[]> {
  return db
    .selectFrom('catalogueVersions as v')
    .innerJoin('cafeterias as c', 'c.id', 'v.cafeteriaId')
    .select(['v.cafeteriaId', 'v.version', 'v.changedAt as at'])
    .where('v.cafeteriaId', '=', sql<string>`any(${cafeteriaIds}::uuid[])`)
    .where('c.deletedAt', 'is', null)
    .execute()
}
