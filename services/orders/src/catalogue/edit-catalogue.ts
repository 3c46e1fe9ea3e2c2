import type { Database, Schema } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Transaction } from 'kysely'
import { type CatalogueVersion, listRaisedVersions } from './catalogue.repository.ts'

/** Runs an edit in one transaction. After its commit, the change of each catalogue that it changed is published. */
export type EditCatalogue = <Result>(work: (tx: Transaction<Schema>) => Promise<Result>) => Promise<Result>

/** Everything that people edit of what customers see goes through this; the triggers of `catalogue_versions` define what that is. */
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
      // Changes are published also when the commit got no answer, because it may have happened.
      await Promise.all(raised.map(({ cafeteriaId, version }) => changes.changed(cafeteriaId, version)))
    }
  }
}
