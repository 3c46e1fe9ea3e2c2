import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'

export interface CatalogueVersion {
  cafeteriaId: string
  version: number
}

/** Undefined: no such cafeteria. */
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

/** What a transaction raised. The last thing it does: others that change the same menus wait until it commits. */
export async function listRaisedVersions(tx: Transaction<Schema>): Promise<CatalogueVersion[]> {
  const { rows } = await sql<CatalogueVersion>`select * from raised_catalogue_versions()`.execute(tx)
  return rows
}
