import type { FeedNewest, LiveOrder, OrderMessage, OrderSubscribed } from '@comanda/events'
import type { BackoffLimits } from './backoff.ts'
import { type FollowedFeed, followedFeed } from './followed-feed.ts'
import { type FollowedState, followedState, type StateListener } from './followed-state.ts'
import type { FeedListener } from './listeners.ts'
import type { NamespaceConnection } from './namespace-connection.ts'
import { pollWhileDisconnected } from './poll-while-disconnected.ts'
import type { FollowFeedOptions } from './realtime-options.ts'
import { createRegistry } from './registry.ts'
import type { RestReads } from './rest-reads.ts'
import type { Timers } from './timers.ts'

export interface OrderScreensOptions {
  timers: Timers
  backoff: BackoffLimits
  rest: RestReads
  /** The connection, which is not used before something is followed. */
  connection: () => NamespaceConnection
  /** Makes sure that there will be a connection. Returns whether there is one. */
  connect: () => boolean
}

/** Follows single orders and cafeterias' feeds in the namespace `/orders`. */
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

  const polling = pollWhileDisconnected({
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
    feeds,
    listen({ socket }: NamespaceConnection): void {
      socket.on('order:created', receive)
      socket.on('order:updated', receive)
      socket.on('feed:newest', ({ cafeteriaId, seq }: FeedNewest) => feeds.get(cafeteriaId)?.heardOf(seq))
    },
    connected(): void {
      polling.end()
      // A kitchen's board comes before single orders.
      for (const registry of [feeds, orders]) for (const one of registry.all()) one.connected()
    },
    /** Polls until `connected` is called. */
    poll: polling.begin,
    lost(): void {
      polling.begin()
      for (const feed of feeds.all()) feed.disconnected()
    },
    end(): void {
      for (const registry of [feeds, orders]) registry.end()
    },
  }
}
