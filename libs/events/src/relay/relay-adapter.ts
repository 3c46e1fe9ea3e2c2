import { createShardedAdapter } from '@socket.io/redis-adapter'
import type { Cluster } from 'ioredis'
import type { CatalogueChanged } from '../catalogue-socket.ts'
import { subscribeChannel } from '../subscribe-channel.ts'
import type { RelayedOrder } from './relayed-orders.repository.ts'

/** The events that pass between servers, each in the namespace of those it is for. */
export const relayEvent = 'relay'
export const catalogueRelayEvent = 'relay:catalog'

export interface RelayServerEvents {
  /** What the worker says to the gateways, several events at once. */
  [relayEvent]: (orders: RelayedOrder[]) => void
  /** What whoever changes a menu says to them. */
  [catalogueRelayEvent]: (changed: CatalogueChanged) => void
}

type Listener = (channel: Buffer, message: Buffer) => void

export interface RelayAdapterOptions {
  publisher: Cluster
  /** `redisPrefix` of the fleet: servers hear those of the same. */
  prefix: string
  /** With `shardedSubscribers`. Without it the server only speaks. */
  subscriber?: Cluster
  /** A message did not reach Redis. The adapter itself says nothing. */
  onPublishFailed?: (error: unknown) => void
}

/**
 * The sharded adapter of socket.io. Static: a server subscribes to its channels once, at the start. A subscription per
 * room would be under way in Redis while the room's state is already being read, and lose what happens in between.
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
    // The adapter does not wait for it.
    ssubscribe: (channel: string) =>
      void (subscriber && subscribeChannel(subscriber, channel, closing.signal)),
    // The client is disconnected as a whole.
    sunsubscribe: () => closing.abort(),
  }
  return createShardedAdapter(speaking, listening, {
    channelPrefix: `${prefix}:relay`,
    subscriptionMode: 'static',
  })
}
