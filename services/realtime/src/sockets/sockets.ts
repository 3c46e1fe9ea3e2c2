import type { Caller } from '@comanda/access'
import type { OrderClientEvents, OrderServerEvents } from '@comanda/events'
import type { RelayServerEvents } from '@comanda/events/relay'
import type { Namespace, Server, Socket } from 'socket.io'

/** What is known of a socket. */
export interface SocketData {
  caller: Caller
  /** When its token stops being valid, in milliseconds since 1970. */
  expiresAt: number
}

export type Sockets = Server<OrderClientEvents, OrderServerEvents, RelayServerEvents, SocketData>
export type OrderSockets = Namespace<OrderClientEvents, OrderServerEvents, RelayServerEvents, SocketData>
export type OrderSocket = Socket<OrderClientEvents, OrderServerEvents, RelayServerEvents, SocketData>
/** The connection below a socket. */
export type Connection = OrderSocket['conn']

/** Tells a client why, then disconnects it. */
export function sendAway(socket: OrderSocket, code: string): void {
  socket.emit('connection:closing', { code })
  socket.disconnect(true)
}
