import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface CalculatedTopProducts {
  cafeteriaId: string
  /** Whether the list differs from the one before. */
  changed: boolean
}

const days = 28
const most = 20

/** Calculates the list of one cafeteria whose list is an hour old or missing, and that no other worker has locked. Undefined: none is due. */
export async function calculateNextTopProducts(
  db: Kysely<Schema>,
): Promise<CalculatedTopProducts | undefined> {
  const { rows } = await sql<CalculatedTopProducts>`
    with due as materialized (
      select c.id from cafeterias c left join top_products t on t.cafeteria_id = c.id
      where c.deleted_at is null and (t.calculated_at is null or t.calculated_at <= now() - interval '1 hour')
        and pg_try_advisory_xact_lock(hashtextextended('top_products ' || c.id, 0))
      limit 1
    )
    select id as cafeteria_id, calculate_top_products(id, ${days}, ${most}) as changed from due`.execute(db)
  return rows[0]
}
