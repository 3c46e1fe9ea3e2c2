import type { Database } from '@comanda/database'
import { FeedSubscription, FeedUnsubscription, OrderSubscription, ordersNamespace } from '@comanda/events'
import { relayEvent } from '@comanda/events/relay'
import type { Logger, Metrics } from '@comanda/service'
import type { Config } from '../config.ts'
import { createAnswer } from '../sockets/answer.ts'
import type { SocketAuthentication } from '../sockets/authenticate-sockets.ts'
import { socketErrors } from '../sockets/sockets.errors.ts'
import type { OrderSocket, Sockets } from '../sockets/sockets.ts'
import { createDelivery } from './delivery.ts'
import { checkMayReadOrder, checkWorksAt, readMissed, readOrder } from './orders.service.ts'
import { customerRoom, feedRoom, orderRoom } from './rooms.ts'
import { watchFeeds } from './watch-feeds.ts'

export interface OrdersGatewayDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  authentication: SocketAuthentication
}

/** The namespace `/orders`: who follows what, and what they are told. */
export function ordersGateway(
  server: Sockets,
  { config, log, metrics, database, authentication }: OrdersGatewayDependencies,
): { close: () => Promise<void> } {
  const sockets = server.of(ordersNamespace)
  const messages = metrics.counter({
    name: 'socket_messages_total',
    help: 'Messages that came from clients, by event',
    labels: ['event'],
  })
  const answer = createAnswer(log, (event) => messages.inc({ event }))
  const delivery = createDelivery(sockets, metrics)
  const everySeconds = config.FEED_WATCH_SECONDS
  const watch = watchFeeds({ sockets, delivery, database, everySeconds, log, metrics })

  authentication.guard(sockets)
  sockets.use((_socket, next) => void watch.begun.then(() => next()))
  sockets.on(relayEvent, delivery.deliver)

  const subscribe = answer('order:subscribe', OrderSubscription, async (socket, { orderId }) => {
    await checkMayReadOrder(database, socket.data.caller, orderId)
    return follow(socket, orderRoom(orderId), () => readOrder(database, orderId))
  })
  const unsubscribe = answer('order:unsubscribe', OrderSubscription, (socket, { orderId }) =>
    leave(socket, orderRoom(orderId)),
  )
  const subscribeFeed = answer('order:subscribe_live_feed', FeedSubscription, (socket, wish) => {
    checkWorksAt(socket.data.caller, wish.cafeteriaId)
    return follow(socket, feedRoom(wish.cafeteriaId), () => readMissed(database, wish))
  })
  const unsubscribeFeed = answer(
    'order:unsubscribe_live_feed',
    FeedUnsubscription,
    (socket, { cafeteriaId }) => leave(socket, feedRoom(cafeteriaId)),
  )
  sockets.on('connection', (socket) => {
    void socket.join(customerRoom(socket.data.caller.userId))
    socket.on('order:subscribe', subscribe)
    socket.on('order:unsubscribe', unsubscribe)
    socket.on('order:subscribe_live_feed', subscribeFeed)
    socket.on('order:unsubscribe_live_feed', unsubscribeFeed)
  })

  return { close: watch.stop }

  /**
   * Joins a room that the caller may be in before the state is read, so that nothing is lost in between, and leaves it when
   * that fails.
   */
  async function follow<State>(
    socket: OrderSocket,
    room: string,
    read: () => Promise<State>,
  ): Promise<State> {
    const followed = socket.rooms.has(room)
    if (!followed && socket.rooms.size >= config.SOCKET_SUBSCRIPTIONS)
      throw socketErrors.too_many_subscriptions()
    await socket.join(room)
    try {
      return await read()
    } catch (error) {
      if (!followed) await socket.leave(room)
      throw error
    }
  }

  async function leave(socket: OrderSocket, room: string): Promise<object> {
    await socket.leave(room)
    return {}
  }
}
