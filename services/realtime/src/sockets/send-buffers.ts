import type { Server } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import { closeSoon } from './bounded-websockets.ts'
import { stateOf } from './connection-state.ts'
import type { Connection } from './sockets.ts'
import { cutAnswersOff, rememberAnswer, tcpSocketsOf, unsentOf, websocketOf } from './unsent-bytes.ts'

export interface SendBuffersOptions {
  /** The server whose connections count. */
  server: Server
  /** What may wait for one client, in bytes. */
  perConnection: number
  /** What may wait for all clients together, in bytes. */
  total: number
  /** Called once for each connection that is closed. */
  onClosed: (reason: 'slow_reader' | 'buffers_full') => void
}

export interface SendBuffers {
  /** Counts what waits for the client of a connection until it closes. */
  watch: (connection: Connection) => void
  /** Returns the bytes that wait for all clients. */
  waiting: () => number
  stop: () => void
}

interface Packet {
  data?: string | Buffer
}

/** Something that can be ended to free the bytes that wait in it. */
interface Holder {
  bytes: number
  end: () => void
}

const sweepMilliseconds = 500
/** What is kept besides the data of a packet that waits, roughly, in bytes. */
const bytesPerPacket = 200

/**
 * Bounds what waits for clients that do not read: packets in the queue of socket.io, and bytes that the kernel has not taken. A client
 * past its bound is closed at once, because it can connect again and ask for what it missed. When all of them together are past
 * theirs, those with the most are closed.
 */
export function createSendBuffers({
  server,
  perConnection,
  total,
  onClosed,
}: SendBuffersOptions): SendBuffers {
  const connections = new Set<Connection>()
  const tcpSockets = new Set<TcpSocket>()
  let queued = 0
  let unsent = 0

  function queue(this: Connection, { data }: Packet): void {
    // Nothing waits, so the packet is sent at once.
    if (this.transport.writable && unsentOf(this) === 0) return
    const state = stateOf(this)
    const bytes = bytesPerPacket + (data === undefined ? 0 : Buffer.byteLength(data))
    state.queuedBytes += bytes
    queued += bytes
    if (state.queuedBytes + unsentOf(this) > perConnection) close(this, 'slow_reader')
    else if (queued + unsent > total) closeWorst()
  }
  function flushed(this: Connection): void {
    const bytes = forget(this)
    if (websocketOf(this) !== undefined) return
    // The answer to a poll holds them until its client has read them. All of them count until the next measurement, because a client may ask
    // for many answers before the next sweep.
    unsent += bytes
    rememberAnswer(this)
  }
  function leave(this: Connection): void {
    forget(this)
    connections.delete(this)
  }
  /** Counts the packets in the queue of a connection no longer, and returns their bytes. */
  function forget(connection: Connection): number {
    const state = stateOf(connection)
    const bytes = state.queuedBytes
    queued -= bytes
    state.queuedBytes = 0
    return bytes
  }

  function close(connection: Connection, reason: 'slow_reader' | 'buffers_full'): void {
    leave.call(connection)
    connection.off('packetCreate', queue)
    onClosed(reason)
    const websocket = websocketOf(connection)
    // A reason would stand behind the bytes that the client does not read, and this memory is needed at once.
    if (reason === 'buffers_full') websocket?.terminate()
    else if (websocket) closeSoon(websocket, reason)
    cutAnswersOff(connection)
    connection.close(true)
  }

  function measure(): void {
    unsent = 0
    for (const socket of tcpSockets) if (!socket.destroyed) unsent += socket.writableLength
  }

  /** Closes those with the most bytes until half of the total is free again. Nobody for whom nothing waits is closed. */
  function closeWorst(): void {
    measure()
    let left = queued + unsent
    if (left <= total) return
    for (const { bytes, end } of holders().toSorted((a, b) => b.bytes - a.bytes)) {
      if (left <= total / 2 || bytes === 0) break
      left -= bytes
      end()
    }
    measure()
  }

  /** Whoever holds bytes: open connections, and TCP sockets of connections that are closed or closing. */
  function holders(): Holder[] {
    const open = [...connections]
    const carriers = new Set(open.flatMap(tcpSocketsOf))
    const loose = [...tcpSockets].filter((socket) => !carriers.has(socket))
    return [
      ...open.map((connection) => ({
        bytes: stateOf(connection).queuedBytes + unsentOf(connection),
        end: () => close(connection, 'buffers_full'),
      })),
      ...loose.map((socket) => ({ bytes: socket.writableLength, end: () => void socket.destroy() })),
    ]
  }

  const sweep = setInterval(() => {
    measure()
    if (queued + unsent > total) closeWorst()
  }, sweepMilliseconds)
  server.on('connection', (socket: TcpSocket) => {
    tcpSockets.add(socket)
    socket.once('close', () => tcpSockets.delete(socket))
  })

  return {
    watch(connection) {
      connections.add(connection)
      connection.on('packetCreate', queue)
      connection.on('flush', flushed)
      connection.on('close', leave)
    },
    waiting: () => queued + unsent,
    stop: () => clearInterval(sweep),
  }
}
