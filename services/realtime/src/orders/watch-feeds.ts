import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@comanda/database'
import { listRelayedOrders } from '@comanda/events/relay'
import type { Logger, Metrics } from '@comanda/service'
import type { OrderSockets } from '../sockets/sockets.ts'
import type { Delivery } from './delivery.ts'
import { listNewest } from './orders.repository.ts'
import { feedRoom } from './rooms.ts'

export interface FeedWatchOptions {
  sockets: OrderSockets
  delivery: Delivery
  database: Database
  everySeconds: number
  log: Logger
  metrics: Metrics
}

const mostAtOnce = 500

/**
 * Redis may lose messages, and a worker may die between numbering events and telling them. So every few seconds the gateway
 * reads from the feeds that its sockets follow what it was not told, and tells each feed's sockets its newest number.
 */
export function watchFeeds(options: FeedWatchOptions): { stop: () => Promise<void> } {
  const { sockets, delivery, database, everySeconds, log, metrics } = options
  const caughtUp = metrics.counter({
    name: 'events_caught_up_total',
    help: 'Events that this gateway read from the feed because nobody had told it',
  })
  const stopping = new AbortController()
  const { signal } = stopping

  async function catchUp(cafeteriaId: string, held: number): Promise<void> {
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

  async function look(before: ReadonlyMap<string, number>): Promise<Map<string, number>> {
    const newest = new Map<string, number>()
    const feeds = delivery.held()
    if (feeds.length === 0) return newest
    const ids = feeds.map(({ cafeteriaId }) => cafeteriaId)
    const heads = await database.read('primary', (db) => listNewest(db, ids))
    for (const { cafeteriaId, seq } of heads) newest.set(cafeteriaId, seq)
    // What the feed had at the last look too is not on its way any more.
    for (const { cafeteriaId, seq } of feeds)
      if (seq < (before.get(cafeteriaId) ?? 0)) await catchUp(cafeteriaId, seq)
    for (const { cafeteriaId } of feeds) {
      const room = feedRoom(cafeteriaId)
      if (sockets.adapter.rooms.has(room))
        sockets.local.to(room).emit('feed:newest', { cafeteriaId, seq: newest.get(cafeteriaId) ?? 0 })
    }
    return newest
  }

  async function loop(): Promise<void> {
    let newest = new Map<string, number>()
    let failing = false
    while (!signal.aborted) {
      // Gateways that were started together do not stay in step.
      await wait(everySeconds * 1000 * (0.8 + Math.random() * 0.4), undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      try {
        newest = await look(newest)
        if (failing) log.info({}, 'feeds are watched again')
        failing = false
      } catch (err) {
        if (!failing) log.warn({ err }, 'feeds cannot be read')
        failing = true
      }
    }
  }

  const watching = loop()
  return {
    async stop() {
      stopping.abort()
      await watching
    },
  }
}
