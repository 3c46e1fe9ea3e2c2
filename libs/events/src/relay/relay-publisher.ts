import { ordersNamespace } from '../order-socket.ts'
import { relayEvent } from './relay-adapter.ts'
import type { RelayedOrder } from './relayed-orders.repository.ts'
import { createSpeakingServer, type SpeakingServerOptions } from './speaking-server.ts'

export interface RelayPublisher {
  /** Publishes events to every gateway, without waiting. What is lost with Redis the gateways read from the feed. */
  publish: (orders: readonly RelayedOrder[]) => void
  close: () => Promise<void>
}

/** How many events one message holds: a batch of a few hundred would hold up a gateway's other work. */
const mostPerMessage = 50

/** Publishes numbered events to the gateways over Redis, which remains the caller's to close. */
export function createRelayPublisher(options: SpeakingServerOptions): RelayPublisher {
  const { say, close } = createSpeakingServer(ordersNamespace, options)
  return {
    publish(all) {
      for (let at = 0; at < all.length; at += mostPerMessage)
        say(relayEvent, all.slice(at, at + mostPerMessage))
    },
    close,
  }
}
