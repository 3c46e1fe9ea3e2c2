import type { IncomingMessage } from 'node:http'
import { createRelayAdapter } from '@comanda/events/relay'
import {
  createClientAddress,
  createClientFilter,
  type Metrics,
  type Redis,
  redisPrefix,
  type Service,
} from '@comanda/service'
import { Server } from 'socket.io'
import type { Config } from '../config.ts'
import { createBoundedWebSockets } from './bounded-websockets.ts'
import { createConnectionLimit } from './connection-limit.ts'
import { attachState, stateOf } from './connection-state.ts'
import { createFloodLimit } from './flood-limit.ts'
import { measureSockets } from './measure-sockets.ts'
import { refusal } from './refusal.ts'
import { createSendBuffers } from './send-buffers.ts'
import { socketErrors } from './sockets.errors.ts'
import { type Connection, type Sockets, sendAway } from './sockets.ts'

export interface SocketsDependencies {
  config: Config
  metrics: Metrics
  subscriber: Redis
}

/** The time that a client has to enter a namespace and to authenticate, in milliseconds. */
const handshakeMilliseconds = 10_000

/** Opens sockets on the service's port, and bounds their number and the size and rate of their messages. */
export function openSockets(app: Service, dependencies: SocketsDependencies): Sockets {
  const { config, metrics, subscriber } = dependencies
  const isBlocked = createClientFilter(config.BLOCKED_USER_AGENTS)
  const addressOf = createClientAddress(config.TRUST_PROXY)
  const addresses = createConnectionLimit(config.SOCKETS_PER_ADDRESS)
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
    wsEngine: createBoundedWebSockets(() => refused.inc({ reason: 'too_many_control_frames' })),
    maxHttpBufferSize: config.SOCKET_MESSAGE_BYTES,
    pingInterval: config.SOCKET_PING_INTERVAL_SECONDS * 1000,
    pingTimeout: config.SOCKET_PING_TIMEOUT_SECONDS * 1000,
    connectTimeout: handshakeMilliseconds,
    cors: { origin: config.CORS_ORIGINS === '' ? false : config.CORS_ORIGINS.split(',') },
    allowRequest(request, answer) {
      // This request belongs to a connection that was accepted already: it polls, or upgrades to a websocket.
      if (request.url?.includes('sid=')) return answer(null, true)
      return answer(null, !app.draining && !isBlocked(request))
    },
  })

  const { measure } = measureSockets(sockets, metrics)
  const buffers = createSendBuffers({
    server: app.server,
    perConnection: config.SOCKET_BUFFER_BYTES,
    total: config.SOCKET_BUFFERS_BYTES,
    onClosed: (reason) => refused.inc({ reason }),
  })
  app.addHook('onClose', async () => buffers.stop())
  metrics.gauge({
    name: 'socket_waiting_bytes',
    help: 'Bytes that wait for clients to read what was sent before',
    collect: (gauge) => gauge.set(buffers.waiting()),
  })
  const limitMessages = createFloodLimit(config.SOCKET_MESSAGES_PER_SECOND, (connection) => {
    refused.inc({ reason: 'rate_limited' })
    const { socket } = stateOf(connection)
    if (socket) sendAway(socket, 'rate_limited')
    else connection.close(true)
  })
  function leave(this: Connection): void {
    connected.dec()
    addresses.release(stateOf(this).address)
  }
  sockets.engine.on('connection', (connection: Connection) => {
    const incoming = connection as unknown as { request: IncomingMessage | null }
    const address = addressOf(incoming.request as IncomingMessage)
    // The request takes kilobytes and is not read again; socket.io advises to drop it when there are many sockets.
    incoming.request = null
    if (!addresses.acquire(address)) {
      refused.inc({ reason: 'too_many_connections' })
      return connection.close(true)
    }
    attachState(connection, {
      address,
      userIds: [],
      messagesLeft: 0,
      countedAt: 0,
      queuedBytes: 0,
      socket: undefined,
    })
    connected.inc()
    connection.on('close', leave)
    limitMessages(connection)
    measure(connection)
    buffers.watch(connection)
  })
  sockets.on('new_namespace', (namespace) => {
    namespace.on('connection', (socket) => {
      stateOf(socket.conn).socket = socket
    })
  })
  // Clients that name no namespace come to the default one, which serves nothing.
  sockets.use((_socket, next) => next(refusal(socketErrors.namespace_not_found())))
  return sockets
}
