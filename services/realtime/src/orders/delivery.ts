import type { RelayedOrder } from '@comanda/events/relay'
import type { Metrics, Tracing } from '@comanda/service'
import type { SocketNamespace } from '../sockets/sockets.ts'
import { customerRoom, feedRoom, orderRoom } from './rooms.ts'

/** A feed and its newest number. */
export interface FeedHead {
  cafeteriaId: string
  seq: number
}

/** How far this gateway has delivered a feed: everything up to `seq`, and the numbers in `beyond` after a gap. */
interface FeedProgress {
  seq: number
  beyond: Set<number>
}

export interface Delivery {
  /** Delivers events to the local sockets that follow them; an event that was delivered before is skipped. */
  deliver: (orders: readonly RelayedOrder[]) => void
  /** Sets where delivery begins: after these numbers, and at the first event of every feed that is not among them. */
  begin: (heads: readonly FeedHead[]) => void
  /** The number up to which a feed was delivered without a gap, or that it had when delivery began. */
  deliveredUpTo: (cafeteriaId: string) => number
}

/** With `tracing` the sending of an event that is traced ends its trace. */
export function createDelivery(sockets: SocketNamespace, metrics: Metrics, tracing?: Tracing): Delivery {
  // The number of cafeterias bounds this map.
  const feeds = new Map<string, FeedProgress>()
  let begun = false
  const relayed = metrics.counter({
    name: 'events_relayed_total',
    help: 'Events that this gateway received and delivered to the sockets that follow them',
  })
  const lag = metrics.histogram({
    name: 'event_delivery_lag_seconds',
    // The time of the commit is not recorded, so the lag includes the duration of the transaction and the skew of two clocks.
    help: 'Time from the beginning of the transaction of an event, its `at`, to its being sent to sockets',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  })

  function feedOf(cafeteriaId: string): FeedProgress {
    const known = feeds.get(cafeteriaId)
    if (known) return known
    const feed: FeedProgress = { seq: 0, beyond: new Set() }
    feeds.set(cafeteriaId, feed)
    return feed
  }

  /** Whether an event was not delivered before. Until `begin` nothing is remembered. */
  function isNew(cafeteriaId: string, seq: number): boolean {
    if (!begun) return true
    const feed = feedOf(cafeteriaId)
    if (seq <= feed.seq || feed.beyond.has(seq)) return false
    feed.beyond.add(seq)
    while (feed.beyond.delete(feed.seq + 1)) feed.seq += 1
    return true
  }

  function trace(traceparent: string, name: string, startedAt: number): void {
    const attributes = { 'messaging.system': 'socket.io', 'messaging.operation.type': 'process' }
    tracing?.continueTrace(traceparent, { name: `emit ${name}`, kind: 'consumer', attributes, startedAt })
  }

  return {
    deliver(orders) {
      for (const { userId, message, traceparent } of orders) {
        const { cafeteriaId, seq, event, order } = message
        if (!isNew(cafeteriaId, seq)) continue
        const startedAt = performance.now()
        const name = event.version === 1 ? 'order:created' : 'order:updated'
        sockets.local
          .to([feedRoom(cafeteriaId), orderRoom(order.id), customerRoom(userId)])
          .emit(name, message)
        if (traceparent !== undefined) trace(traceparent, name, startedAt)
        relayed.inc()
        lag.observe(Math.max(0, Date.now() - Date.parse(event.at)) / 1000)
      }
    },
    begin(heads) {
      for (const { cafeteriaId, seq } of heads) feedOf(cafeteriaId).seq = seq
      begun = true
    },
    deliveredUpTo: (cafeteriaId) => feeds.get(cafeteriaId)?.seq ?? 0,
  }
}
