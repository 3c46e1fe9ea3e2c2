import { accessErrors, worksAt } from '@comanda/access'
import type { Database } from '@comanda/database'
import { FeedSubscription, FeedUnsubscription, OrderSubscription, ordersNamespace } from '@comanda/events'
import { relayEvent } from '@comanda/events/relay'
import type { Logger, Metrics, Tracing } from '@comanda/service'
import type { Config } from '../config.ts'
import { createAnswer } from '../sockets/answer.ts'
import type { SocketAuthentication } from '../sockets/authenticate-sockets.ts'
import { createFollow } from '../sockets/follow.ts'
import type { Sockets } from '../sockets/sockets.ts'
import { createDelivery } from './delivery.ts'
import { createFeedReads } from './feed-reads.ts'
import { createOrderReads } from './order-reads.ts'
import { customerRoom, feedRoom, orderRoom } from './rooms.ts'
import { watchFeeds } from './watch-feeds.ts'

export interface OrdersGatewayDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  tracing?: Tracing | undefined
  database: Database
  authentication: SocketAuthentication
}

/** The namespace `/orders`: who may follow which orders and feeds, and what is published to them. */
export function ordersGateway(
  server: Sockets,
  { config, log, metrics, tracing, database, authentication }: OrdersGatewayDependencies,
): { close: () => Promise<void> } {
  const sockets = server.of(ordersNamespace)
  const { answer, onlyKnown } = createAnswer({ log, metrics })
  const { follow, leave } = createFollow(config.SOCKET_SUBSCRIPTIONS)
  const delivery = createDelivery(sockets, metrics, tracing)
  const orders = createOrderReads(database)
  const feeds = createFeedReads(database)
  const everySeconds = config.FEED_WATCH_SECONDS
  const watch = watchFeeds({ sockets, delivery, database, everySeconds, log, metrics })

  authentication.guard(sockets)
  sockets.use((_socket, next) => void watch.begun.then(() => next()))
  sockets.on(relayEvent, delivery.deliver)

  const subscribe = answer('order:subscribe', OrderSubscription, async (socket, { orderId }) => {
    const { caller } = socket.data
    const found = await orders.getFor(caller, orderId)
    // A customer's socket receives their orders from its first moment, so what was read cannot be out of date.
    const isFollowing = found.userId === caller.userId
    return follow(socket, orderRoom(orderId), async () => {
      const { seq, order } = isFollowing ? found : await orders.getFor(caller, orderId)
      return { seq, order }
    })
  })
  const unsubscribe = answer('order:unsubscribe', OrderSubscription, (socket, { orderId }) =>
    leave(socket, orderRoom(orderId)),
  )
  const subscribeFeed = answer('order:subscribe_live_feed', FeedSubscription, (socket, wish) => {
    if (!worksAt(socket.data.caller, wish.cafeteriaId)) throw accessErrors.cafeteria_not_found()
    return follow(socket, feedRoom(wish.cafeteriaId), () => feeds.getMissed(wish))
  })
  const unsubscribeFeed = answer(
    'order:unsubscribe_live_feed',
    FeedUnsubscription,
    (socket, { cafeteriaId }) => leave(socket, feedRoom(cafeteriaId)),
  )
  sockets.on('connection', (socket) => {
    socket.use(onlyKnown)
    void socket.join(customerRoom(socket.data.caller.userId))
    socket.on('order:subscribe', subscribe)
    socket.on('order:unsubscribe', unsubscribe)
    socket.on('order:subscribe_live_feed', subscribeFeed)
    socket.on('order:unsubscribe_live_feed', unsubscribeFeed)
  })

  return { close: watch.stop }
}
