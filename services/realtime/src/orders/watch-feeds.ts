import type { Database } from '@comanda/database'
import { listRelayedOrders } from '@comanda/events/relay'
import type { Logger, Metrics } from '@comanda/service'
import type { SocketNamespace } from '../sockets/sockets.ts'
import { startPolling } from '../sockets/start-polling.ts'
import type { Delivery } from './delivery.ts'
import { listNewest } from './orders.repository.ts'
import { feedRoom } from './rooms.ts'

export interface FeedWatchOptions {
  sockets: SocketNamespace
  delivery: Delivery
  database: Database
  everySeconds: number
  log: Logger
  metrics: Metrics
}

const mostAtOnce = 500

export interface FeedWatch {
  /** Resolves when it is known from where on everything is delivered: whoever is let in after that misses nothing. */
  begun: Promise<void>
  stop: () => Promise<void>
}

/**
 * Redis may lose messages, and a worker may die between numbering events and telling them. So every few seconds the gateway
 * reads the newest number of every feed, reads what it was not told, and tells each feed's sockets the newest number. All
 * feeds, because any of them may concern a customer who is connected and subscribed to nothing: one row per cafeteria, and
 * each event that was lost once per gateway.
 */
export function watchFeeds(options: FeedWatchOptions): FeedWatch {
  const { sockets, delivery, database, everySeconds, log, metrics } = options
  const caughtUp = metrics.counter({
    name: 'events_caught_up_total',
    help: 'Events that this gateway read from the feed because nobody had told it',
  })
  const beginning = Promise.withResolvers<void>()
  let newest: ReadonlyMap<string, number> | undefined

  async function catchUp(cafeteriaId: string, held: number, signal: AbortSignal): Promise<void> {
    let after = held
    for (;;) {
      const slice = { cafeteriaId, after, limit: mostAtOnce }
      const orders = await database.read('primary', (db) => listRelayedOrders(db, slice))
      delivery.deliver(orders)
      caughtUp.inc(orders.length)
      if (orders.length < mostAtOnce || signal.aborted) return
      after = orders.at(-1)?.message.seq ?? after
    }
  }

  async function poll(signal: AbortSignal): Promise<void> {
    const before = newest
    const heads = await database.read('primary', listNewest)
    if (before === undefined) {
      delivery.begin(heads)
      beginning.resolve()
    }
    newest = new Map(heads.map(({ cafeteriaId, seq }) => [cafeteriaId, seq]))
    for (const [cafeteriaId, seq] of before ?? []) {
      // What the feed had at the last look too is not on its way any more.
      const held = delivery.held(cafeteriaId)
      if (held < seq) await catchUp(cafeteriaId, held, signal)
    }
    for (const head of heads) {
      const room = feedRoom(head.cafeteriaId)
      if (sockets.adapter.rooms.has(room)) sockets.local.to(room).emit('feed:newest', head)
    }
  }

  const { stop } = startPolling({ poll, everySeconds, watched: 'feeds', log })
  return { begun: beginning.promise, stop }
}
