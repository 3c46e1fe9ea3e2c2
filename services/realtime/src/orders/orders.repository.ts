import type { Schema } from '@comanda/database'
import type { LiveOrder } from '@comanda/events'
import { type Kysely, sql } from 'kysely'

/** An order as sockets show it, its owner, and the newest number of its cafeteria's feed. */
export interface FollowedOrder {
  userId: string
  seq: number
  order: LiveOrder
}

/** Those of the orders that exist, in no particular order, in one statement. */
export async function listFollowedOrders(
  db: Kysely<Schema>,
  orderIds: readonly string[],
): Promise<FollowedOrder[]> {
  const rows = await db
    .selectFrom('orders as o')
    .leftJoin('feedHeads as h', 'h.cafeteriaId', 'o.cafeteriaId')
    .select([
      'o.id',
      'o.number',
      'o.status',
      'o.version',
      'o.cafeteriaId',
      'o.pickupAt',
      'o.promisedAt',
      'o.reason',
    ])
    .select(['o.deadlineAt', 'o.updatedAt', 'o.userId'])
    .select((eb) => eb.fn.coalesce('h.seq', sql.lit(0)).as('seq'))
    .where('o.id', '=', sql<string>`any(${orderIds}::uuid[])`)
    .execute()
  return rows.map(({ userId, seq, ...order }) => ({ userId, seq, order }))
}

/** The newest number of the feeds of those cafeterias that exist, 0 for an empty one. */
export function listNewestOf(
  db: Kysely<Schema>,
  cafeteriaIds: readonly string[],
): Promise<{ cafeteriaId: string; seq: number }[]> {
  return db
    .selectFrom('cafeterias as c')
    .leftJoin('feedHeads as h', 'h.cafeteriaId', 'c.id')
    .select((eb) => ['c.id as cafeteriaId', eb.fn.coalesce('h.seq', sql.lit(0)).as('seq')])
    .where('c.id', '=', sql<string>`any(${cafeteriaIds}::uuid[])`)
    .where('c.deletedAt', 'is', null)
    .execute()
}

/** The newest number of every feed that is not empty. */
export function listNewest(db: Kysely<Schema>): Promise<{ cafeteriaId: string; seq: number }[]> {
  return db.selectFrom('feedHeads').select(['cafeteriaId', 'seq']).execute()
}
