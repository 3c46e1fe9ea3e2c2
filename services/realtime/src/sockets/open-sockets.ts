import type { IncomingMessage } from 'node:http'
import { createRelayAdapter } from '@comanda/events/relay'
import type { Metrics, Redis, Service } from '@comanda/service'
import { Server } from 'socket.io'
import type { Config } from '../config.ts'
import { createClientAddress } from './client-address.ts'
import { limitMessages } from './flood-limit.ts'
import { refusal } from './refusal.ts'
import { socketErrors } from './sockets.errors.ts'
import { type Connection, type OrderSocket, type Sockets, sendAway } from './sockets.ts'
import { createTally } from './tally.ts'

export interface SocketsDependencies {
  config: Config
  metrics: Metrics
  redis: Redis
  subscriber: Redis
}

/** Time to enter a namespace, and to be who one says, in milliseconds. */
const handshakeMilliseconds = 10_000

/** Sockets on the service's port, bounded in number, in the size of messages and in their rate. */
export function openSockets(app: Service, dependencies: SocketsDependencies): Sockets {
  const { config, metrics, redis, subscriber } = dependencies
  const addressOf = createClientAddress(config.TRUST_PROXY)
  const addresses = createTally(config.SOCKETS_PER_ADDRESS)
  const connected = metrics.gauge({ name: 'sockets_connected', help: 'Sockets of this process' })
  const refused = metrics.counter({
    name: 'sockets_refused_total',
    help: 'Connections that were refused or ended by the gateway',
    labels: ['reason'],
  })

  const sockets: Sockets = new Server(app.server, {
    adapter: createRelayAdapter({ publisher: redis, subscriber }),
    transports: ['websocket', 'polling'],
    // A broadcast is encoded once only for connections without compression.
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    maxHttpBufferSize: config.SOCKET_MESSAGE_BYTES,
    pingInterval: config.SOCKET_PING_INTERVAL_SECONDS * 1000,
    pingTimeout: config.SOCKET_PING_TIMEOUT_SECONDS * 1000,
    connectTimeout: handshakeMilliseconds,
    cors: { origin: config.CORS_ORIGINS === '' ? false : config.CORS_ORIGINS.split(',') },
    allowRequest(request, answer) {
      // A request of a connection that was accepted already, by polling or to become a websocket.
      if (request.url?.includes('sid=')) return answer(null, true)
      return answer(null, !app.draining)
    },
  })

  sockets.engine.on('connection', (connection: Connection) => {
    const { request } = connection as Connection & { request: IncomingMessage }
    const address = addressOf(request)
    if (!addresses.take(address)) {
      refused.inc({ reason: 'too_many_connections' })
      return connection.close(true)
    }
    connected.inc()
    connection.once('close', () => {
      connected.dec()
      addresses.giveBack(address)
    })
    limitMessages(connection, config.SOCKET_MESSAGES_PER_SECOND, () => {
      refused.inc({ reason: 'rate_limited' })
      const socket = following.get(connection)
      if (socket) sendAway(socket, 'rate_limited')
      else connection.close(true)
    })
  })

  /** The socket that a connection carries, to say goodbye through. */
  const following = new WeakMap<Connection, OrderSocket>()
  sockets.on('new_namespace', (namespace) => {
    namespace.on('connection', (socket) => following.set(socket.conn, socket))
  })
  // Clients that name no namespace come to this one.
  sockets.use((_socket, next) => next(refusal(socketErrors.namespace_not_found())))
  return sockets
}
