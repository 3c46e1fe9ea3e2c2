import type { Cluster } from 'ioredis'
import { type Namespace, Server } from 'socket.io'
import { createRelayAdapter, type RelayServerEvents } from './relay-adapter.ts'

export interface SpeakingServerOptions {
  /** Remains the caller's to close. */
  redis: Cluster
  /** `redisPrefix` of the fleet. */
  prefix: string
  /** Called once for each message that did not reach Redis. */
  onFailed: (error: unknown) => void
}

export interface SpeakingServer {
  /** Sends an event to the gateways that have the namespace. */
  say: Namespace<object, object, RelayServerEvents>['serverSideEmit']
  close: () => Promise<void>
}

/** Makes one namespace of a socket.io server that listens on no port and only sends to other servers. */
export function createSpeakingServer(
  namespace: string,
  { redis, prefix, onFailed }: SpeakingServerOptions,
): SpeakingServer {
  const server = new Server<object, object, RelayServerEvents>({
    adapter: createRelayAdapter({ publisher: redis, prefix, onPublishFailed: onFailed }),
    serveClient: false,
  })
  const speaking = server.of(namespace)
  return {
    say: speaking.serverSideEmit.bind(speaking),
    // `server.close` would end an HTTP listener too, and there is none.
    close: async () => speaking.adapter.close(),
  }
}
