import type { Metrics } from '@comanda/service'
import type { Connection, Sockets } from './sockets.ts'

interface Packet {
  type: string
  data?: string | Buffer
}

export interface SocketMeter {
  /** Counts what a connection sends until it closes. */
  measure: (connection: Connection) => void
}

/** Measures the rooms of sockets and what is sent to them. Most is computed at the scrape, so it costs sockets next to nothing. */
export function measureSockets(sockets: Sockets, metrics: Metrics): SocketMeter {
  const sent = { messages: 0, bytes: 0 }
  let last: Packet['data']
  let lastBytes = 0

  function count(this: Connection, { type, data }: Packet): void {
    if (type !== 'message' || data === undefined) return
    // A broadcast gives the same string to every socket.
    if (data !== last) {
      last = data
      lastBytes = Buffer.byteLength(data)
    }
    sent.messages += 1
    sent.bytes += lastBytes
  }

  metrics.counter({
    name: 'socket_messages_sent_total',
    help: 'Messages to clients, acknowledgements included',
    collect: () => sent.messages,
  })
  metrics.counter({
    name: 'socket_bytes_sent_total',
    help: 'Bytes of messages to clients, without frames and heartbeats',
    collect: () => sent.bytes,
  })
  const namespaces = new Set([sockets.sockets])
  sockets.on('new_namespace', (namespace) => namespaces.add(namespace))
  metrics.gauge({
    name: 'socket_rooms',
    help: 'Rooms with sockets of this process in them, by namespace',
    labels: ['socket_namespace'],
    collect(gauge) {
      for (const { name, adapter } of namespaces) {
        // socket.io puts every socket into a room of its own; those do not count.
        gauge.set({ socket_namespace: name }, adapter.rooms.size - adapter.sids.size)
      }
    },
  })
  return {
    measure(connection) {
      connection.on('packetCreate', count)
    },
  }
}
