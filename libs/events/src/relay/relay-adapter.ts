import { setTimeout as wait } from 'node:timers/promises'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import type { Cluster } from 'ioredis'
import type { CatalogChanged } from '../catalog-socket.ts'
import type { RelayedOrder } from './relayed-orders.repository.ts'

/** The events that pass between servers, each in the namespace of those it is for. */
export const relayEvent = 'relay'
export const catalogRelayEvent = 'relay:catalog'

export interface RelayServerEvents {
  /** What the worker says to the gateways, several events at once. */
  [relayEvent]: (orders: RelayedOrder[]) => void
  /** What whoever changes a menu says to them. */
  [catalogRelayEvent]: (changed: CatalogChanged) => void
}

type Listener = (channel: Buffer, message: Buffer) => void

export interface RelayAdapterOptions {
  publisher: Cluster
  /** With `shardedSubscribers`. Without it the server only speaks. */
  subscriber?: Cluster
  /** A message did not reach Redis. The adapter itself says nothing. */
  onPublishFailed?: (error: unknown) => void
}

const longestRetryMilliseconds = 1000

/**
 * The sharded adapter of socket.io. Static: a server subscribes to its channels once, at the start. A subscription per
 * room would be under way in Redis while the room's state is already being read, and lose what happens in between.
 */
export function createRelayAdapter({ publisher, subscriber, onPublishFailed }: RelayAdapterOptions) {
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
  let closed = false
  /** The adapter does not wait for it, so it must not reject: it is tried until Redis takes it. */
  async function subscribe(to: Cluster, channel: string): Promise<void> {
    for (let attempt = 1; !closed; attempt += 1) {
      try {
        await to.ssubscribe(channel)
        return
      } catch {
        await wait(Math.min(longestRetryMilliseconds, 50 * attempt), undefined, { ref: false })
      }
    }
  }
  const listening = {
    on: (event: 'smessageBuffer', listener: Listener) => subscriber?.on(event, listener),
    ssubscribe: (channel: string) => void (subscriber && subscribe(subscriber, channel)),
    // The client is disconnected as a whole.
    sunsubscribe: () => {
      closed = true
    },
  }
  return createShardedAdapter(speaking, listening, { channelPrefix: 'comanda', subscriptionMode: 'static' })
}
