import { accessErrors } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { FeedSubscribed, OrderMessage } from '@comanda/events'
import { listRelayedOrders } from '@comanda/events/relay'
import DataLoader from 'dataloader'
import { orderErrors } from './orders.errors.ts'
import { listNewestOf } from './orders.repository.ts'

export interface FeedWish {
  cafeteriaId: string
  /** The last number that the client knows; left out when it only wants the newest one. */
  after?: number
}

export interface FeedReads {
  /** Reads the events after a number of a feed, and its newest number. @throws AppError cafeteria_not_found, feed_expired */
  getMissed: (wish: FeedWish) => Promise<FeedSubscribed>
}

/** How long a read waits for others to share its statements with. */
const gatherMilliseconds = 3
const mostTogether = 500
const mostMissed = 100

/**
 * Reads feeds for sockets. When a gateway ends, the screens of a kitchen reconnect and ask for the same events: all that ask at
 * once cost one statement, and one more for each position from which events are missing.
 */
export function createFeedReads(database: Database): FeedReads {
  async function readMissed(cafeteriaId: string, after: number): Promise<OrderMessage[]> {
    const slice = { cafeteriaId, after, limit: mostMissed }
    const orders = await database.read('primary', (db) => listRelayedOrders(db, slice))
    return orders.map(({ message }) => message)
  }

  const loader = new DataLoader<FeedWish, FeedSubscribed>(
    async (wishes) => {
      const ids = [...new Set(wishes.map(({ cafeteriaId }) => cafeteriaId.toLowerCase()))]
      const heads = await database.read('primary', (db) => listNewestOf(db, ids))
      const newest = new Map(heads.map(({ cafeteriaId, seq }) => [cafeteriaId, seq]))
      const reads = new Map<string, Promise<OrderMessage[]>>()

      async function answer({ cafeteriaId, after }: FeedWish): Promise<FeedSubscribed> {
        const seq = newest.get(cafeteriaId.toLowerCase())
        if (seq === undefined) throw accessErrors.cafeteria_not_found()
        if (after === undefined || after >= seq) return { seq, missed: [] }
        const position = `${cafeteriaId} ${after}`
        const read = reads.get(position) ?? readMissed(cafeteriaId, after)
        reads.set(position, read)
        const missed = await read
        const oldest = missed[0]?.seq ?? seq + 1
        if (oldest !== after + 1) throw orderErrors.feed_expired(undefined, { extra: { oldest } })
        // The events were read after the newest number, so they may go beyond it.
        return { seq: Math.max(seq, missed.at(-1)?.seq ?? 0), missed }
      }
      return Promise.all(wishes.map((wish) => answer(wish).catch((error: Error) => error)))
    },
    {
      cache: false,
      maxBatchSize: mostTogether,
      batchScheduleFn: (read) => setTimeout(read, gatherMilliseconds),
    },
  )
  return { getMissed: (wish) => loader.load(wish) }
}
