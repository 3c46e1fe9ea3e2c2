import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

export interface CatalogueVersion {
  cafeteriaId: string
  version: number
}

/** What a transaction raised. The last thing it does: others that change the same menus wait until it commits. */
export async function listRaisedVersions(tx: Transaction<Schema>): Promise<CatalogueVersion[]> {
  const { rows } = await sql<CatalogueVersion>`select * from raised_catalogue_versions()`.execute(tx)
  return rows
}
