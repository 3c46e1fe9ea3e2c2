import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'

/** An order as the database has it. */
export interface OrderVersion {
  id: string
  cafeteriaId: string
  version: number
}

/** All orders that the database has now. */
export function listOrderVersions(db: Kysely<Schema>): Promise<OrderVersion[]> {
  return db.selectFrom('orders').select(['id', 'cafeteriaId', 'version']).execute()
}
