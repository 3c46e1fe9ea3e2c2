import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface RolledUp {
  /** How many events were added; 0 when there are none, or when another process holds the position. */
  events: number
  /** The days, local to their cafeterias, whose sums have changed. */
  changes: { cafeteriaId: string; day: string }[]
}

/** Adds the next events to the rollups, at most `limit`, in one statement and transaction. */
export async function rollUp(db: Kysely<Schema>, limit: number): Promise<RolledUp> {
  const { rows } = await sql<RolledUp>`select events, changes from roll_up(${limit})`.execute(db)
  return rows[0] as RolledUp
}
