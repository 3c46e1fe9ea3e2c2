import type { Schema } from '@comanda/database'
import type { LiveOrder } from '@comanda/events'
import { type Kysely, sql } from 'kysely'

/** Whose an order is, which never changes. */
export function findOrderOwner(
  db: Kysely<Schema>,
  orderId: string,
): Promise<{ userId: string; cafeteriaId: string } | undefined> {
  return db
    .selectFrom('orders')
    .select(['userId', 'cafeteriaId'])
    .where('id', '=', orderId)
    .executeTakeFirst()
}

/** An order as sockets show it, and the newest number of its cafeteria's feed, in one statement. */
export async function findLiveOrder(
  db: Kysely<Schema>,
  orderId: string,
): Promise<{ order: LiveOrder; seq: number } | undefined> {
  const row = await db
    .selectFrom('orders as o')
    .leftJoin('feedHeads as h', 'h.cafeteriaId', 'o.cafeteriaId')
    .select(['o.id', 'o.status', 'o.version', 'o.cafeteriaId', 'o.pickupAt', 'o.promisedAt', 'o.reason'])
    .select(['o.deadlineAt', 'o.updatedAt'])
    .select((eb) => eb.fn.coalesce('h.seq', sql.lit(0)).as('seq'))
    .where('o.id', '=', orderId)
    .executeTakeFirst()
  if (!row) return undefined
  const { seq, ...order } = row
  return { seq, order }
}

/** The newest number of a feed, 0 when it is empty. Undefined: no such cafeteria. */
export async function findNewest(db: Kysely<Schema>, cafeteriaId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('cafeterias as c')
    .leftJoin('feedHeads as h', 'h.cafeteriaId', 'c.id')
    .select((eb) => eb.fn.coalesce('h.seq', sql.lit(0)).as('seq'))
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
  return row?.seq
}

/** The newest number of every feed that is not empty. */
export function listNewest(db: Kysely<Schema>): Promise<{ cafeteriaId: string; seq: number }[]> {
  return db.selectFrom('feedHeads').select(['cafeteriaId', 'seq']).execute()
}
