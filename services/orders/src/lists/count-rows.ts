import type { Schema } from '@comanda/database'
import { mostNumberedRows } from '@comanda/service'
import type { Kysely, SelectQueryBuilder } from 'kysely'

/** Counts the rows that a query reads, at most one more than `mostNumberedRows`, which is where numbered pages end. */
export async function countRows<Table extends keyof Schema, Row>(
  db: Kysely<Schema>,
  query: SelectQueryBuilder<Schema, Table, Row>,
): Promise<number> {
  const { total } = await db
    .selectFrom(query.limit(mostNumberedRows + 1).as('counted'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}
