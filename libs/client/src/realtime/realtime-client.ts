import type { FeedNewest, OrderMessage } from '@comanda/events'
import { Manager } from 'socket.io-client'
import { readWhileAway } from './away.ts'
import { type BackoffLimits, defaultBackoff } from './backoff.ts'
import { createConversation } from './conversation.ts'
import { type FollowedFeed, followedFeed } from './followed-feed.ts'
import { type FollowedOrder, followedOrder } from './followed-order.ts'
import { type ConnectionState, createLink } from './link.ts'
import type { FeedListener, Following, OrderListener } from './listeners.ts'
import { createRest, type Fetch } from './rest.ts'
import { createTimers } from './timers.ts'

export interface RealtimeClientOptions {
  /** Where the gateways are, as in `https://realtime.example.com`. */
  url: string
  /** Where the REST API is, without `/v1`. */
  apiUrl: string
  /**
   * A valid access token, asked for at every connection and every reading. `renew`: the last one was refused or has expired,
   * so one that is kept is of no use. When it rejects, it is asked again later.
   */
  getAccessToken: (renew: boolean) => Promise<string>
  /** Told of every change; `reason` is the gateway's code or the network's words while something is wrong, otherwise null. */
  onState?: (state: ConnectionState, reason: string | null) => void
  /** Tried in this order. Polling needs gateways behind a sticky route. Default: websocket only. */
  transports?: ('websocket' | 'polling')[]
  backoff?: BackoffLimits
  /** Default: the platform's. */
  fetch?: Fetch
}

export interface FollowFeedOptions {
  /**
   * Everything up to this number is known to the application: what came after it is told as events, and only the orders
   * concerned are on the board at first. Without it the board begins with all open orders. The first listener of a feed
   * decides.
   */
  after?: number
  /** Orders that stay on the board after they closed; those beyond leave it, the first to close first. Default 500. */
  keepClosed?: number
}

/** A connection to the gateways, and what is followed on it. Nothing connects before something is followed. */
export interface RealtimeClient {
  state: () => ConnectionState
  /** Follows an order that the user placed, or of a cafeteria where they work. */
  followOrder: (orderId: string, listener: OrderListener) => Following
  /** Follows all orders of a cafeteria where the user works. */
  followFeed: (cafeteriaId: string, listener: FeedListener, options?: FollowFeedOptions) => Following
  /** Connects now instead of after the wait: the device is online again, or the application in the foreground. */
  wake: () => void
  /** Ends everything for good. Listeners are not called any more. */
  close: () => void
}

/** A client for browsers, Node and React Native whose state is always the newest known, whatever fails in between. */
export function createRealtimeClient(options: RealtimeClientOptions): RealtimeClient {
  const { url, apiUrl, getAccessToken, onState, transports = ['websocket'] } = options
  const limits = options.backoff ?? defaultBackoff
  const timers = createTimers()
  const manager = new Manager(url, {
    autoConnect: false,
    reconnection: false,
    transports,
    tryAllTransports: true,
  })
  const orders = new Map<string, FollowedOrder>()
  const feeds = new Map<string, FollowedFeed>()
  // A method of the platform must be called as one.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const rest = createRest({ apiUrl, fetch, getAccessToken, timers })
  const away = readWhileAway({
    timers,
    backoff: limits,
    refreshFeeds: () => feeds.forEach((feed) => feed.refresh()),
    orderIds: () => [...orders.keys()],
    readOrder: async (orderId) => orders.get(orderId)?.accept(await rest.getOrder(orderId)),
  })
  const link = createLink({
    manager,
    namespace: '/orders',
    timers,
    backoff: limits,
    getAccessToken,
    onState: () => onState?.(link.state(), link.reason()),
    onConnected() {
      away.end()
      conversation.begin()
      // The board of a kitchen before single orders.
      for (const feed of feeds.values()) feed.connected()
      for (const order of orders.values()) void order.connected()
    },
    onLost() {
      away.begin()
      for (const feed of feeds.values()) feed.disconnected()
    },
  })
  const conversation = createConversation(link, timers, limits)
  const isConnected = () => link.state() === 'connected'

  function receive(message: OrderMessage): void {
    orders.get(message.order.id)?.accept(message.order)
    feeds.get(message.cafeteriaId)?.receive([message])
  }
  link.socket.on('order:created', receive)
  link.socket.on('order:updated', receive)
  link.socket.on('feed:newest', ({ cafeteriaId, seq }: FeedNewest) => feeds.get(cafeteriaId)?.heardOf(seq))

  function start(): void {
    if (link.state() === 'closed') throw new Error('this client was closed')
    if (!isConnected()) away.begin()
    link.start()
  }

  return {
    state: link.state,
    followOrder(orderId, listener) {
      start()
      const followed =
        orders.get(orderId) ??
        followedOrder(orderId, { conversation, onRefused: () => orders.delete(orderId) })
      followed.add(listener)
      if (!orders.has(orderId)) {
        orders.set(orderId, followed)
        if (isConnected()) void followed.connected()
      }
      return following(() => {
        if (!followed.remove(listener) || orders.get(orderId) !== followed) return
        orders.delete(orderId)
        conversation.say('order:unsubscribe', { orderId })
      })
    },
    followFeed(cafeteriaId, listener, { after, keepClosed = 500 } = {}) {
      start()
      const onRefused = () => feeds.delete(cafeteriaId)
      const parts = { conversation, rest, timers, backoff: limits, after, keepClosed, onRefused }
      const followed = feeds.get(cafeteriaId) ?? followedFeed(cafeteriaId, parts)
      followed.add(listener)
      if (!feeds.has(cafeteriaId)) {
        feeds.set(cafeteriaId, followed)
        if (isConnected()) followed.connected()
      }
      return following(() => {
        if (!followed.remove(listener) || feeds.get(cafeteriaId) !== followed) return
        feeds.delete(cafeteriaId)
        conversation.say('order:unsubscribe_live_feed', { cafeteriaId })
      })
    },
    wake: link.wake,
    close() {
      for (const map of [orders, feeds]) map.clear()
      link.close()
      timers.close()
    },
  }
}

/** Stopping twice stops once. */
function following(stop: () => void): Following {
  let stopped = false
  return {
    stop() {
      if (stopped) return
      stopped = true
      stop()
    },
  }
}
