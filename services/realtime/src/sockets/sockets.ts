import type { Caller } from '@comanda/access'
import type {
  CatalogueClientEvents,
  CatalogueServerEvents,
  DashboardClientEvents,
  DashboardServerEvents,
  OrderClientEvents,
  OrderServerEvents,
} from '@comanda/events'
import type { RelayServerEvents } from '@comanda/events/relay'
import type { Namespace, Server, Socket } from 'socket.io'

/** What the gateway knows about a socket. */
export interface SocketData {
  caller: Caller
  /** When its token stops being valid, in milliseconds since 1970. */
  expiresAt: number
}

/** The events of all namespaces; a gateway listens to those of its own. */
type ClientEvents = OrderClientEvents & CatalogueClientEvents & DashboardClientEvents
type ServerEvents = OrderServerEvents & CatalogueServerEvents & DashboardServerEvents

export type Sockets = Server<ClientEvents, ServerEvents, RelayServerEvents, SocketData>
export type SocketNamespace = Namespace<ClientEvents, ServerEvents, RelayServerEvents, SocketData>
export type ClientSocket = Socket<ClientEvents, ServerEvents, RelayServerEvents, SocketData>
/** The connection below a socket. */
export type Connection = ClientSocket['conn']

/** Sends the client the reason, then disconnects it. */
export function sendAway(socket: ClientSocket, code: string): void {
  socket.emit('connection:closing', { code })
  socket.disconnect(true)
}
