import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

export interface CatalogueVersion {
  cafeteriaId: string
  version: number
}

/**
 * Raises the versions of the catalogues that the transaction changed, and lists them. Call it last: other transactions that change the
 * same catalogues then wait until this one commits.
 */
export async function listRaisedVersions(tx: Transaction<Schema>): Promise<CatalogueVersion[]> {
  const { rows } = await sql<CatalogueVersion>`select * from raised_catalogue_versions()`.execute(tx)
  return rows
}
