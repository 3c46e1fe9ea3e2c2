import { createShardedAdapter } from '@socket.io/redis-adapter'
import type { Cluster } from 'ioredis'
import type { CatalogueChanged } from '../catalogue-socket.ts'
import type { DashboardChange } from '../dashboard-socket.ts'
import { subscribeChannel } from '../subscribe-channel.ts'
import type { RelayedOrder } from './relayed-orders.repository.ts'

/** The events that pass between servers, each in the namespace of those it is for. */
export const relayEvent = 'relay'
export const catalogueRelayEvent = 'relay:catalog'
export const dashboardRelayEvent = 'relay:dashboard'

export interface RelayServerEvents {
  /** Sent by the worker, several events at once. */
  [relayEvent]: (orders: RelayedOrder[]) => void
  /** Sent by whoever changes a menu. */
  [catalogueRelayEvent]: (changed: CatalogueChanged) => void
  /** Sent by the worker when it has counted something. */
  [dashboardRelayEvent]: (change: DashboardChange) => void
}

type Listener = (channel: Buffer, message: Buffer) => void

export interface RelayAdapterOptions {
  publisher: Cluster
  /** `redisPrefix` of the fleet: servers receive the messages of their own fleet only. */
  prefix: string
  /** A client with `shardedSubscribers`. Without it the server only publishes. */
  subscriber?: Cluster
  /** Called when a message did not reach Redis, which the adapter itself does not report. */
  onPublishFailed?: (error: unknown) => void
}

/**
 * Makes the sharded adapter of socket.io, in its static mode: a server subscribes to its channels once, at the start. With a
 * subscription per room, what happens between reading the room's state and the subscription would be lost.
 */
export function createRelayAdapter({ publisher, prefix, subscriber, onPublishFailed }: RelayAdapterOptions) {
  const speaking = {
    async spublish(channel: string, message: string | Buffer): Promise<unknown> {
      try {
        return await publisher.spublish(channel, message)
      } catch (error) {
        onPublishFailed?.(error)
        throw error
      }
    },
  }
  const closing = new AbortController()
  const listening = {
    on: (event: 'smessageBuffer', listener: Listener) => subscriber?.on(event, listener),
    // The adapter does not wait for the subscription.
    ssubscribe: (channel: string) =>
      void (subscriber && subscribeChannel(subscriber, channel, closing.signal)),
    // The whole client is disconnected afterwards, so nothing is unsubscribed one by one.
    sunsubscribe: () => closing.abort(),
  }
  return createShardedAdapter(speaking, listening, {
    channelPrefix: `${prefix}:relay`,
    subscriptionMode: 'static',
  })
}
