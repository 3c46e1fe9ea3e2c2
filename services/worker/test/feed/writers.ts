import { setTimeout as wait } from 'node:timers/promises'
import type { Database, Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

const statuses = ['placed', 'accepted', 'preparing', 'ready', 'collected']

/** Appends the event of an order's next version, as a move does. */
export async function appendEvent(
  db: Kysely<Schema>,
  event: { orderId: string; cafeteriaId: string; version: number },
): Promise<void> {
  const type = `order.${statuses[(event.version - 1) % statuses.length]}`
  await db
    .insertInto('events')
    .values({ ...event, type, actorRole: 'system', actorId: null, reason: null, requestId: null })
    .execute()
}

/** Appends an event that moves no order, as a payment's does. */
export async function appendPaymentEvent(
  db: Kysely<Schema>,
  { orderId, cafeteriaId }: { orderId: string; cafeteriaId: string },
): Promise<void> {
  await sql`select append_event('payment.captured', ${cafeteriaId}, ${orderId}, null, null, 'system')`.execute(
    db,
  )
}

/**
 * Writes the lives of `orders` orders at once. Each of their events is a transaction that draws its id at a random moment
 * and commits at another; one in eight is rolled back. One in four appends an event of a payment too, which does not enter the feed.
 */
export async function writeLives(
  { primary: db }: Database,
  { cafeteriaIds, writers, orders }: { cafeteriaIds: string[]; writers: number; orders: number },
): Promise<void> {
  const pause = () => wait(Math.random() * 8)
  let left = orders
  async function writeOne(): Promise<void> {
    const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(db)
    const orderId = rows[0]?.id as string
    const cafeteriaId = cafeteriaIds[left % cafeteriaIds.length] as string
    for (let version = 1; version <= statuses.length; version += 1) {
      const write = (inVain: boolean) =>
        db.transaction().execute(async (tx) => {
          await sql`select pg_current_xact_id()`.execute(tx)
          await pause()
          if (Math.random() < 0.25) await appendPaymentEvent(tx, { orderId, cafeteriaId })
          await appendEvent(tx, { orderId, cafeteriaId, version })
          await pause()
          if (inVain) throw new Error('in vain')
        })
      if (Math.random() < 0.125) await write(true).catch(() => {})
      await write(false)
    }
  }
  async function writeMany(): Promise<void> {
    while (left > 0) {
      left -= 1
      await writeOne()
    }
  }
  await Promise.all(Array.from({ length: writers }, writeMany))
}

export interface FeedSummary {
  events: number
  numbered: number
  /** Numbers that do not follow the one before in their cafeteria, the first being 1. */
  gaps: number
  /** Events with a version that does not follow the one before them in the feed, the first being 1. */
  disorder: number
  /** Cafeterias whose row in `feed_heads` is not their newest number. */
  staleHeads: number
}

export async function summariseFeed({ primary: db }: Database): Promise<FeedSummary> {
  const { rows } = await sql<FeedSummary>`
    with feeds as (
      select f.cafeteria_id, f.seq, e.version,
        row_number() over (partition by f.cafeteria_id order by f.seq) as place_in_feed,
        row_number() over (partition by e.order_id order by f.seq) as place_in_order
      from feed f join events e on e.id = f.event_id and e.cafeteria_id = f.cafeteria_id
    )
    select (select count(*) from events where version is not null) as events,
      count(*) as numbered,
      count(*) filter (where seq <> place_in_feed) as gaps,
      count(*) filter (where version <> place_in_order) as disorder,
      (select count(*) from feed_heads h
        where h.seq <> (select max(f.seq) from feed f where f.cafeteria_id = h.cafeteria_id)) as stale_heads
    from feeds`.execute(db)
  return rows[0] as FeedSummary
}

/** The summary of a sound feed of so many events. */
export const soundFeed = (events: number): FeedSummary => ({
  events,
  numbered: events,
  gaps: 0,
  disorder: 0,
  staleHeads: 0,
})
