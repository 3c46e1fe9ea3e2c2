import type { RelayedOrder } from '@comanda/events/relay'
import type { Metrics } from '@comanda/service'
import type { SocketNamespace } from '../sockets/sockets.ts'
import { customerRoom, feedRoom, orderRoom } from './rooms.ts'

/** A feed and its newest number. */
export interface FeedHead {
  cafeteriaId: string
  seq: number
}

/** Up to which number this gateway has everything of a feed, and which numbers it has beyond. */
interface Held {
  seq: number
  beyond: Set<number>
}

export interface Delivery {
  /** Gives events to the local sockets that follow them; those that were given already are not given again. */
  deliver: (orders: readonly RelayedOrder[]) => void
  /** From now on everything after these numbers is to be delivered, and everything of feeds that are not among them. */
  begin: (heads: readonly FeedHead[]) => void
  /** Up to which number a feed was delivered without a gap, or was there at the beginning. */
  held: (cafeteriaId: string) => number
}

/** @param onMoved called for each event that is given out, with the cafeteria whose feed it is of */
export function createDelivery(
  sockets: SocketNamespace,
  metrics: Metrics,
  onMoved: (cafeteriaId: string) => void,
): Delivery {
  // Bounded by the number of cafeterias.
  const feeds = new Map<string, Held>()
  let begun = false
  const relayed = metrics.counter({
    name: 'events_relayed_total',
    help: 'Events that came to this gateway and were given to the sockets that follow them',
  })
  const lag = metrics.histogram({
    name: 'event_delivery_lag_seconds',
    // When it committed is not recorded anywhere. What it took to commit is in here, and the clocks of two machines.
    help: 'Time from the beginning of the transaction of an event, its `at`, to its being sent to sockets',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  })

  function feedOf(cafeteriaId: string): Held {
    const known = feeds.get(cafeteriaId)
    if (known) return known
    const feed: Held = { seq: 0, beyond: new Set() }
    feeds.set(cafeteriaId, feed)
    return feed
  }

  /** Whether it is the first time. Before the beginning nothing is remembered. */
  function isNew(cafeteriaId: string, seq: number): boolean {
    if (!begun) return true
    const feed = feedOf(cafeteriaId)
    if (seq <= feed.seq || feed.beyond.has(seq)) return false
    feed.beyond.add(seq)
    while (feed.beyond.delete(feed.seq + 1)) feed.seq += 1
    return true
  }

  return {
    deliver(orders) {
      for (const { userId, message } of orders) {
        const { cafeteriaId, seq, event, order } = message
        if (!isNew(cafeteriaId, seq)) continue
        sockets.local
          .to([feedRoom(cafeteriaId), orderRoom(order.id), customerRoom(userId)])
          .emit(event.version === 1 ? 'order:created' : 'order:updated', message)
        relayed.inc()
        onMoved(cafeteriaId)
        lag.observe(Math.max(0, Date.now() - Date.parse(event.at)) / 1000)
      }
    },
    begin(heads) {
      for (const { cafeteriaId, seq } of heads) feedOf(cafeteriaId).seq = seq
      begun = true
    },
    held: (cafeteriaId) => feeds.get(cafeteriaId)?.seq ?? 0,
  }
}
