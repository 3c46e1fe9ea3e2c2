import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** Learns from orders that became ready, given their events. Resolves to the number of orders that it learnt from. */
export async function learnPromises(db: Kysely<Schema>, eventIds: readonly number[]): Promise<number> {
  const { rows } = await sql<{ learnt: number }>`
    select learn_promises(${eventIds}::bigint[]) as learnt`.execute(db)
  return (rows[0] as { learnt: number }).learnt
}
