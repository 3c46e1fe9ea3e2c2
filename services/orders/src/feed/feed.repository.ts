import type { Schema } from '@comanda/database'
import type { OrderEvent } from '@comanda/events'
import { type Kysely, sql } from 'kysely'
import { jsonArrayFrom, jsonBuildObject } from 'kysely/helpers/postgres'
import type { Feed } from './feed.schema.ts'

/** What came after a number, in order and without gaps, in one statement. Undefined: no such cafeteria. */
export async function findFeed(
  db: Kysely<Schema>,
  cafeteriaId: string,
  { after, limit }: { after: number; limit: number },
): Promise<Feed | undefined> {
  return db
    .selectFrom('cafeterias as c')
    .select((eb) => [
      jsonArrayFrom(
        eb
          .selectFrom('feed as f')
          .innerJoin('orderEvents as e', 'e.id', 'f.eventId')
          .select((entry) => [
            'f.seq',
            jsonBuildObject({
              orderId: entry.ref('e.orderId'),
              version: entry.ref('e.version'),
              type: entry.ref('e.type'),
              actorRole: entry.ref('e.actorRole'),
              reason: entry.ref('e.reason'),
              at: entry.ref('e.at'),
            })
              .$castTo<OrderEvent>()
              .as('event'),
          ])
          .whereRef('f.cafeteriaId', '=', 'c.id')
          .where('f.seq', '>', after)
          .orderBy('f.seq')
          .limit(limit),
      ).as('data'),
      eb.fn
        .coalesce(
          eb.selectFrom('feedHeads as h').select('h.seq').whereRef('h.cafeteriaId', '=', 'c.id'),
          sql.lit(0),
        )
        .as('newest'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}
