import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface ChangedCatalogue {
  cafeteriaId: string
  version: number
}

/** Whatever was committed by a lower transaction was visible when it was read. */
export type Since = string

/**
 * The catalogues that were changed since a look, or (null) within a day, and what to give the next time. Those are listed again
 * that were changed while something older was under way. Looks at all of a small table, which has a row per cafeteria.
 */
export async function listChangesSince(
  db: Kysely<Schema>,
  since: Since | null,
): Promise<{ changed: ChangedCatalogue[]; next: Since }> {
  const { rows } = await sql<{ changed: ChangedCatalogue[]; next: Since }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as next, coalesce((
      select json_agg(json_build_object('cafeteriaId', cafeteria_id, 'version', version)) from catalogue_versions
      where case when ${since}::text is null then changed_at > now() - interval '1 day' else xid >= ${since}::text::xid8 end
    ), '[]') as changed`.execute(db)
  return rows[0] as (typeof rows)[number]
}
