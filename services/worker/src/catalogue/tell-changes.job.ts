import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Job } from '../jobs/job.ts'
import { type ChangedCatalogue, listChangesSince, type Since } from './changed-catalogues.repository.ts'

export interface TellChangesOptions {
  database: Database
  changes: Pick<CatalogueChanges, 'changed'>
}

/**
 * Tells once more of every change of a catalogue, within a second of its commit: whoever made it may have died before it told, or,
 * as what opens slots, told nobody at all. A worker that starts tells of the last day, as long as anything is cached.
 */
export function tellChangesJob({ database, changes }: TellChangesOptions): Job {
  let since: Since | null = null
  /** What is still listed because others were under way at the same time. */
  let told = new Map<string, number>()

  return {
    name: 'tell-catalogue-changes',
    everySeconds: 1,
    async run() {
      const { changed, next } = await listChangesSince(database.primary, since)
      const isNew = ({ cafeteriaId, version }: ChangedCatalogue) => told.get(cafeteriaId) !== version
      const fresh = changed.filter(isNew)
      await Promise.all(fresh.map(({ cafeteriaId, version }) => changes.changed(cafeteriaId, version)))
      told = new Map(changed.map(({ cafeteriaId, version }) => [cafeteriaId, version]))
      since = next
      return false
    },
  }
}
