import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Job } from '../jobs/job.ts'
import { type ChangedCatalogue, listChangesSince, type PollHorizon } from './changed-catalogues.repository.ts'

export interface RepublishChangesOptions {
  database: Database
  changes: Pick<CatalogueChanges, 'changed'>
}

/**
 * Publishes every change of a catalogue once more, within a second of its commit: the process that made it may have died before it
 * published it, and the job that opens slots publishes nothing. A worker that starts publishes the changes of the last day, because
 * nothing is cached for longer.
 */
export function republishChangesJob({ database, changes }: RepublishChangesOptions): Job {
  let since: PollHorizon | null = null
  /** The versions at the last poll, which may be listed again because other transactions were open. */
  let published = new Map<string, number>()

  return {
    name: 'tell-catalogue-changes',
    everySeconds: 1,
    async run() {
      const { changed, next } = await listChangesSince(database.primary, since)
      const isNew = ({ cafeteriaId, version }: ChangedCatalogue) => published.get(cafeteriaId) !== version
      const fresh = changed.filter(isNew)
      await Promise.all(fresh.map(({ cafeteriaId, version }) => changes.changed(cafeteriaId, version)))
      published = new Map(changed.map(({ cafeteriaId, version }) => [cafeteriaId, version]))
      since = next
      return false
    },
  }
}
