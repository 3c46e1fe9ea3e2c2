import type {
  Dashboard,
  DashboardUpdated,
  FeedNewest,
  LiveOrder,
  OrderMessage,
  OrderSubscribed,
} from '@comanda/events'
import { readWhileAway } from './away.ts'
import type { BackoffLimits } from './backoff.ts'
import type { Connection } from './connection.ts'
import { type FollowedFeed, followedFeed } from './followed-feed.ts'
import { type FollowedState, followedState, type StateListener } from './followed-state.ts'
import type { FeedListener } from './listeners.ts'
import type { FollowFeedOptions } from './realtime-options.ts'
import { createRegistry } from './registry.ts'
import type { Rest } from './rest.ts'
import type { Timers } from './timers.ts'

export interface OrderScreensOptions {
  timers: Timers
  backoff: BackoffLimits
  rest: Rest
  /** The connection, which is not used before something is followed. */
  connection: () => Connection
  /** Makes sure that there will be a connection. Returns whether there is one. */
  connect: () => boolean
}

/** What is followed in the namespace `/orders`: single orders, feeds of cafeterias, dashboards. */
export function orderScreens({ timers, backoff, rest, connection, connect }: OrderScreensOptions) {
  const say = (event: string, wish: object) => connection().conversation.say(event, wish)

  const orders = createRegistry<StateListener<LiveOrder>, FollowedState<LiveOrder>, void>({
    connect,
    make: (orderId, { onRefused }) =>
      followedState({
        async subscribe(wanted) {
          const { ask } = connection().conversation
          const outcome = await ask<OrderSubscribed>('order:subscribe', { orderId }, wanted)
          return outcome === 'lost' || !outcome.ok ? outcome : { ok: true, answer: outcome.answer.order }
        },
        isNewer: (order, known) => order.version > known.version,
        onRefused,
      }),
    leave: (orderId) => say('order:unsubscribe', { orderId }),
  })

  const dashboards = createRegistry<StateListener<Dashboard>, FollowedState<Dashboard>, void>({
    connect,
    make: (cafeteriaId, { onRefused }) =>
      followedState({
        async subscribe(wanted) {
          const { ask } = connection().conversation
          const outcome = await ask<{ dashboard: Dashboard }>('dashboard:subscribe', { cafeteriaId }, wanted)
          return outcome === 'lost' || !outcome.ok ? outcome : { ok: true, answer: outcome.answer.dashboard }
        },
        // A new day begins without an event.
        isNewer: (dashboard, known) => dashboard.seq > known.seq || dashboard.date > known.date,
        onRefused,
      }),
    leave: (cafeteriaId) => say('dashboard:unsubscribe', { cafeteriaId }),
  })

  const feeds = createRegistry<FeedListener, FollowedFeed, FollowFeedOptions>({
    connect,
    make: (cafeteriaId, { options: { after, keepClosed = 500 }, onRefused }) =>
      followedFeed(cafeteriaId, {
        conversation: connection().conversation,
        rest,
        timers,
        backoff,
        after,
        keepClosed,
        onRefused,
      }),
    leave: (cafeteriaId) => say('order:unsubscribe_live_feed', { cafeteriaId }),
  })

  const away = readWhileAway({
    timers,
    backoff,
    refreshFeeds() {
      for (const feed of feeds.all()) feed.refresh()
    },
    orderIds: orders.ids,
    readOrder: async (orderId) => orders.get(orderId)?.accept(await rest.getOrder(orderId)),
  })

  function receive(message: OrderMessage): void {
    orders.get(message.order.id)?.accept(message.order)
    feeds.get(message.cafeteriaId)?.receive([message])
  }

  return {
    orders,
    dashboards,
    feeds,
    listen({ socket }: Connection): void {
      socket.on('order:created', receive)
      socket.on('order:updated', receive)
      socket.on('feed:newest', ({ cafeteriaId, seq }: FeedNewest) => feeds.get(cafeteriaId)?.heardOf(seq))
      socket.on('dashboard:updated', ({ cafeteriaId, dashboard }: DashboardUpdated) =>
        dashboards.get(cafeteriaId)?.accept(dashboard),
      )
    },
    connected(): void {
      away.end()
      // The board of a kitchen before single orders.
      for (const registry of [feeds, orders, dashboards]) for (const one of registry.all()) one.connected()
    },
    /** There is no connection, or none yet. */
    away: away.begin,
    lost(): void {
      away.begin()
      for (const feed of feeds.all()) feed.disconnected()
    },
    end(): void {
      for (const registry of [feeds, orders, dashboards]) registry.end()
    },
  }
}
