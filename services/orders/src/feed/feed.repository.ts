import type { Schema } from '@comanda/database'
import type { FeedEntry, OrderEvent } from '@comanda/events'
import { type Kysely, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Feed } from './feed.schema.ts'

/** An event `e` as clients see it. */
const event = sql<OrderEvent>`json_build_object('orderId', e.order_id, 'version', e.version, 'type', e.type,
  'actorRole', e.actor_role, 'reason', e.reason, 'at', e.at)`

/** Finds the entries after a number, in order and without gaps, in one statement. Undefined: no such cafeteria. */
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
          .innerJoin('events as e', 'e.id', 'f.eventId')
          .select(['f.seq', event.as('event')])
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
      eb.fn
        .coalesce(
          eb.selectFrom('feedHeads as h').select('h.firstSeq').whereRef('h.cafeteriaId', '=', 'c.id'),
          sql.lit(1),
        )
        .as('oldest'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}

/** Lists the entries after a number of each of some feeds, at most `limit` of each, by feed and in order, in one statement. */
export async function listNewEntries(
  db: Kysely<Schema>,
  feeds: readonly { cafeteriaId: string; after: number }[],
  limit: number,
): Promise<(FeedEntry & { cafeteriaId: string })[]> {
  const { rows } = await sql<FeedEntry & { cafeteriaId: string }>`
    select w.cafeteria_id, entry.* from unnest(${feeds.map(({ cafeteriaId }) => cafeteriaId)}::uuid[],
      ${feeds.map(({ after }) => after)}::bigint[]) as w (cafeteria_id, after)
    cross join lateral (
      select f.seq, ${event} as event from feed f join events e on e.id = f.event_id
      where f.cafeteria_id = w.cafeteria_id and f.seq > w.after order by f.seq limit ${limit}
    ) as entry
    order by w.cafeteria_id, entry.seq`.execute(db)
  return rows
}
