import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface ChangedCatalogue {
  cafeteriaId: string
  version: number
}

/** A transaction id below which everything committed was visible to the poll that returned it. */
export type PollHorizon = string

/**
 * Lists the catalogues that changed since a poll, or (null) within a day, and the horizon to pass to the next poll. A catalogue is
 * listed again when an older transaction was still open. It reads all of a small table, which has a row per cafeteria.
 */
export async function listChangesSince(
  db: Kysely<Schema>,
  since: PollHorizon | null,
): Promise<{ changed: ChangedCatalogue[]; next: PollHorizon }> {
  const { rows } = await sql<{ changed: ChangedCatalogue[]; next: PollHorizon }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as next, coalesce((
      select json_agg(json_build_object('cafeteriaId', cafeteria_id, 'version', version)) from catalogue_versions
      where case when ${since}::text is null then changed_at > now() - interval '1 day' else xid >= ${since}::text::xid8 end
    ), '[]') as changed`.execute(db)
  return rows[0] as (typeof rows)[number]
}
