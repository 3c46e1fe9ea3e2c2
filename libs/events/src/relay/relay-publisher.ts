import type { Cluster } from 'ioredis'
import { Server } from 'socket.io'
import { type OrderClientEvents, type OrderServerEvents, ordersNamespace } from '../order-socket.ts'
import { createRelayAdapter, type RelayServerEvents, relayEvent } from './relay-adapter.ts'
import type { RelayedOrder } from './relayed-orders.repository.ts'

export interface RelayPublisher {
  /** Sends events to every gateway, without waiting. What is lost with Redis the gateways read from the feed. */
  publish: (orders: readonly RelayedOrder[]) => void
  close: () => Promise<void>
}

/** Events in one message: a batch of a few hundred would hold up a gateway's other work. */
const mostPerMessage = 50

/** A socket.io server that listens on no port and only speaks to other servers. Redis remains the caller's to close. */
export function createRelayPublisher(options: {
  redis: Cluster
  /** Once for each message that did not reach Redis. */
  onFailed: (error: unknown) => void
}): RelayPublisher {
  const server = new Server<OrderClientEvents, OrderServerEvents, RelayServerEvents>({
    adapter: createRelayAdapter({ publisher: options.redis, onPublishFailed: options.onFailed }),
    serveClient: false,
  })
  const orders = server.of(ordersNamespace)
  return {
    publish(all) {
      for (let at = 0; at < all.length; at += mostPerMessage)
        orders.serverSideEmit(relayEvent, all.slice(at, at + mostPerMessage))
    },
    // `server.close` ends a listener too, and there is none.
    close: async () => orders.adapter.close(),
  }
}
