import type { IncomingMessage } from 'node:http'
import { createRelayAdapter } from '@comanda/events/relay'
import { type Metrics, type Redis, redisPrefix, type Service } from '@comanda/service'
import { Server } from 'socket.io'
import type { Config } from '../config.ts'
import { createClientAddress } from './client-address.ts'
import { createFloodLimit } from './flood-limit.ts'
import { measureSockets } from './measure-sockets.ts'
import { refusal } from './refusal.ts'
import { socketErrors } from './sockets.errors.ts'
import { type Connection, type Sockets, sendAway } from './sockets.ts'
import { createTally } from './tally.ts'
import { beginVisit, visitOf } from './visit.ts'

export interface SocketsDependencies {
  config: Config
  metrics: Metrics
  subscriber: Redis
}

/** Time to enter a namespace, and to be who one says, in milliseconds. */
const handshakeMilliseconds = 10_000

/** Sockets on the service's port, bounded in number, in the size of messages and in their rate. */
export function openSockets(app: Service, dependencies: SocketsDependencies): Sockets {
  const { config, metrics, subscriber } = dependencies
  const addressOf = createClientAddress(config.TRUST_PROXY)
  const addresses = createTally(config.SOCKETS_PER_ADDRESS)
  const connected = metrics.gauge({ name: 'sockets_connected', help: 'Sockets of this process' })
  const refused = metrics.counter({
    name: 'sockets_refused_total',
    help: 'Connections that were refused or ended by the gateway',
    labels: ['reason'],
  })

  const sockets: Sockets = new Server(app.server, {
    adapter: createRelayAdapter({ publisher: app.redis, prefix: redisPrefix(config), subscriber }),
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

  const { measure } = measureSockets(sockets, metrics)
  const limitMessages = createFloodLimit(config.SOCKET_MESSAGES_PER_SECOND, (connection) => {
    refused.inc({ reason: 'rate_limited' })
    const { socket } = visitOf(connection)
    if (socket) sendAway(socket, 'rate_limited')
    else connection.close(true)
  })
  function leave(this: Connection): void {
    connected.dec()
    addresses.giveBack(visitOf(this).address)
  }
  sockets.engine.on('connection', (connection: Connection) => {
    const incoming = connection as unknown as { request: IncomingMessage | null }
    const address = addressOf(incoming.request as IncomingMessage)
    // Kilobytes that nobody reads again: socket.io's own advice for many sockets.
    incoming.request = null
    if (!addresses.take(address)) {
      refused.inc({ reason: 'too_many_connections' })
      return connection.close(true)
    }
    beginVisit(connection, { address, userIds: [], messagesLeft: 0, countedAt: 0, socket: undefined })
    connected.inc()
    connection.on('close', leave)
    limitMessages(connection)
    measure(connection)
  })
  sockets.on('new_namespace', (namespace) => {
    namespace.on('connection', (socket) => {
      visitOf(socket.conn).socket = socket
    })
  })
  // Clients that name no namespace come to this one.
  sockets.use((_socket, next) => next(refusal(socketErrors.namespace_not_found())))
  return sockets
}
