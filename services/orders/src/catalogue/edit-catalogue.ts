import type { Database, Schema } from '@comanda/database'
import type { Transaction } from 'kysely'
import { listRaisedVersions } from './catalogue.repository.ts'
import type { CatalogueChanges } from './catalogue-changes.ts'

/** Runs an edit in one transaction. Once it is committed, it is known whose catalogue it changed. */
export type EditCatalogue = <Result>(work: (tx: Transaction<Schema>) => Promise<Result>) => Promise<Result>

/** The way for everything that people edit of what customers see; the triggers of `catalogue_versions` say what that is. */
export function createEditCatalogue(database: Database, changes: CatalogueChanges): EditCatalogue {
  return async (work) => {
    const { result, raised } = await database.primary.transaction().execute(async (tx) => ({
      result: await work(tx),
      raised: await listRaisedVersions(tx),
    }))
    for (const { cafeteriaId, version } of raised) changes.changed(cafeteriaId, version)
    return result
  }
}
