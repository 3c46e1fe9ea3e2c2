import type { Database, Schema } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Transaction } from 'kysely'
import { type CatalogueVersion, listRaisedVersions } from './catalogue.repository.ts'

/** Runs an edit in one transaction. Once it is committed, it is known whose catalogue it changed. */
export type EditCatalogue = <Result>(work: (tx: Transaction<Schema>) => Promise<Result>) => Promise<Result>

/** The way for everything that people edit of what customers see; the triggers of `catalogue_versions` say what that is. */
export function createEditCatalogue(database: Database, changes: CatalogueChanges): EditCatalogue {
  return async (work) => {
    let raised: CatalogueVersion[] = []
    try {
      return await database.primary.transaction().execute(async (tx) => {
        const result = await work(tx)
        raised = await listRaisedVersions(tx)
        return result
      })
    } finally {
      // Also when the commit was not answered: it may have happened.
      await Promise.all(raised.map(({ cafeteriaId, version }) => changes.changed(cafeteriaId, version)))
    }
  }
}
