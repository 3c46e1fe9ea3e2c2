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
  /** Resolves when it is known from which numbers on everything is delivered: a socket that enters after that misses nothing. */
  begun: Promise<void>
  stop: () => Promise<void>
}

/**
 * Redis may lose messages, and a worker may die between numbering events and publishing them. So every few seconds the gateway
 * polls the newest number of every feed, reads the events that it has not received, and sends the newest number to each feed's
 * sockets. It polls all feeds, because any of them may concern a customer who is connected without a subscription. That costs
 * one row per cafeteria, and each lost event once per gateway.
 */
export function watchFeeds(options: FeedWatchOptions): FeedWatch {
  const { sockets, delivery, database, everySeconds, log, metrics } = options
  const caughtUp = metrics.counter({
    name: 'events_caught_up_total',
    help: 'Events that this gateway read from the feed because no message had brought them',
  })
  const beginning = Promise.withResolvers<void>()
  let newest: ReadonlyMap<string, number> | undefined

  async function catchUp(cafeteriaId: string, from: number, signal: AbortSignal): Promise<void> {
    let after = from
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
      // Events that the feed had at the previous poll already are not in flight any more: their messages were lost.
      const delivered = delivery.deliveredUpTo(cafeteriaId)
      if (delivered < seq) await catchUp(cafeteriaId, delivered, signal)
    }
    for (const head of heads) {
      const room = feedRoom(head.cafeteriaId)
      if (sockets.adapter.rooms.has(room)) sockets.local.to(room).emit('feed:newest', head)
    }
  }

  const { stop } = startPolling({ poll, everySeconds, watched: 'feeds', log })
  return { begun: beginning.promise, stop }
}
