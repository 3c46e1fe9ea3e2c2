import type { CatalogueChanged, CatalogueSubscribed, DashboardChange } from '@comanda/events'
import { Manager } from 'socket.io-client'
import { defaultBackoff } from './backoff.ts'
import { type FollowedDashboard, followedDashboard } from './followed-dashboard.ts'
import { type FollowedState, followedState, type StateListener } from './followed-state.ts'
import type { ConnectionState } from './link.ts'
import type {
  CatalogueListener,
  DashboardListener,
  FeedListener,
  Following,
  OrderListener,
} from './listeners.ts'
import { createNamespaceConnection } from './namespace-connection.ts'
import { orderScreens } from './order-screens.ts'
import type { FollowFeedOptions, RealtimeClientOptions } from './realtime-options.ts'
import { createRegistry } from './registry.ts'
import { createRestReads } from './rest-reads.ts'
import { createSendLimiter } from './send-limiter.ts'
import { createTimers } from './timers.ts'

/** A connection to the gateways, and what is followed on it. Nothing connects before something is followed. */
export interface RealtimeClient {
  state: () => ConnectionState
  /** Follows an order that the user placed, or of a cafeteria where they work. */
  followOrder: (orderId: string, listener: OrderListener) => Following
  /** Follows all orders of a cafeteria where the user works. */
  followFeed: (cafeteriaId: string, listener: FeedListener, options?: FollowFeedOptions) => Following
  /** Follows the day of a cafeteria that the user manages. */
  followDashboard: (cafeteriaId: string, listener: DashboardListener) => Following
  /** Follows what customers see of a cafeteria. Needs no token. */
  followCatalogue: (cafeteriaId: string, listener: CatalogueListener) => Following
  /** Connects now instead of after the wait: the device is online again, or the application in the foreground. */
  wake: () => void
  /** Ends everything for good. Listeners are not called any more. */
  close: () => void
}

/** Makes a client for browsers, Node and React Native that shows the newest known state, whatever fails in between. */
export function createRealtimeClient(options: RealtimeClientOptions): RealtimeClient {
  const { url, apiUrl, analyticsUrl = apiUrl, getAccessToken, transports = ['websocket'] } = options
  const backoff = options.backoff ?? defaultBackoff
  const timers = createTimers()
  const manager = new Manager(url, {
    autoConnect: false,
    reconnection: false,
    transports,
    tryAllTransports: true,
  })
  const limiter = createSendLimiter(timers)
  manager.on('open', limiter.reset)
  // The browsers' fetch throws when it is called on anything but the global object.
  const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const rest = createRestReads({ apiUrl, analyticsUrl, fetch, getAccessToken, timers })
  let reported: ConnectionState = 'waiting'

  const screens = orderScreens({
    timers,
    backoff,
    rest,
    connection: () => orders,
    connect() {
      checkOpen()
      if (!orders.isConnected()) screens.poll()
      orders.link.start()
      return orders.isConnected()
    },
  })
  const orders = createNamespaceConnection({
    manager,
    namespace: '/orders',
    limiter,
    timers,
    backoff,
    getAccessToken,
    onState: reportState,
    onConnected: () => screens.connected(),
    onLost: () => screens.lost(),
  })
  screens.listen(orders)

  const catalogues = createRegistry<StateListener<number>, FollowedState<number>, void>({
    connect() {
      checkOpen()
      menus.link.start()
      return menus.isConnected()
    },
    make: (cafeteriaId, { onRefused }) =>
      followedState({
        async subscribe(wanted) {
          const { ask } = menus.conversation
          const outcome = await ask<CatalogueSubscribed>('catalog:subscribe', { cafeteriaId }, wanted)
          return outcome === 'lost' || !outcome.ok ? outcome : { ok: true, answer: outcome.answer.version }
        },
        isNewer: (version, known) => version > known,
        onRefused,
      }),
    leave: (cafeteriaId) => menus.conversation.say('catalog:unsubscribe', { cafeteriaId }),
  })
  const menus = createNamespaceConnection({
    manager,
    namespace: '/catalog',
    limiter,
    timers,
    backoff,
    getAccessToken: null,
    onState: reportState,
    onConnected() {
      for (const catalogue of catalogues.all()) catalogue.connected()
    },
    onLost() {},
  })
  menus.socket.on('catalog:changed', ({ cafeteriaId, version }: CatalogueChanged) =>
    catalogues.get(cafeteriaId)?.accept(version),
  )

  const dashboards = createRegistry<DashboardListener, FollowedDashboard, void>({
    connect() {
      checkOpen()
      boards.link.start()
      return boards.isConnected()
    },
    make: (cafeteriaId, { onRefused }) =>
      followedDashboard(cafeteriaId, {
        conversation: boards.conversation,
        rest,
        timers,
        backoff,
        onRefused,
      }),
    leave: (cafeteriaId) => boards.conversation.say('dashboard:unsubscribe', { cafeteriaId }),
  })
  const boards = createNamespaceConnection({
    manager,
    namespace: '/dashboard',
    limiter,
    timers,
    backoff,
    getAccessToken,
    onState: reportState,
    onConnected() {
      for (const dashboard of dashboards.all()) dashboard.connected()
    },
    onLost() {
      for (const dashboard of dashboards.all()) dashboard.disconnected()
    },
  })
  boards.socket.on('dashboard:updated', (change: DashboardChange) =>
    dashboards.get(change.cafeteriaId)?.accept(change),
  )
  const connections = [orders, menus, boards]

  function checkOpen(): void {
    if (state() === 'closed') throw new Error('this client was closed')
  }

  /** The worst state of the connections that are used. */
  function state(): ConnectionState {
    const states = connections.filter(({ link }) => link.started()).map(({ link }) => link.state())
    if (orders.link.state() === 'closed') return 'closed'
    if (states.length === 0 || states.includes('waiting')) return 'waiting'
    return states.includes('connecting') ? 'connecting' : 'connected'
  }

  function reportState(): void {
    const now = state()
    if (now === reported) return
    reported = now
    const reasons = connections.map(({ link }) => link.reason())
    options.onState?.(now, reasons.find((reason) => reason !== null) ?? null)
  }

  return {
    state,
    // A wrapper for each call, so that whoever follows twice with one listener stops twice.
    followOrder: (orderId, listener) =>
      screens.orders.follow(orderId, {
        onState: (order) => listener.onOrder(order),
        onRefused: (code) => listener.onRefused?.(code),
      }),
    followFeed: (cafeteriaId, listener, options = {}) => screens.feeds.follow(cafeteriaId, listener, options),
    followDashboard: (cafeteriaId, listener) =>
      dashboards.follow(cafeteriaId, {
        onDashboard: (dashboard) => listener.onDashboard(dashboard),
        onRefused: (code) => listener.onRefused?.(code),
      }),
    followCatalogue: (cafeteriaId, listener) =>
      catalogues.follow(cafeteriaId, {
        onState: (version) => listener.onVersion(version),
        onRefused: (code) => listener.onRefused?.(code),
      }),
    wake() {
      for (const { link } of connections) link.wake()
    },
    close() {
      screens.end()
      catalogues.end()
      dashboards.end()
      for (const { link } of connections) link.close()
      timers.close()
    },
  }
}
