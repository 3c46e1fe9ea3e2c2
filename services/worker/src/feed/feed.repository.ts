import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Deletes the oldest entries of one feed, at most `limit`, whose events are older than `days`. Returns how many; 0 when no feed has any. */
export async function pruneFeed(db: Kysely<Schema>, days: number, limit: number): Promise<number> {
  const { rows } = await sql<{ pruned: number }>`
    select prune_feed(make_interval(secs => ${days * 86_400}), ${limit}) as pruned`.execute(db)
  return (rows[0] as { pruned: number }).pruned
}
