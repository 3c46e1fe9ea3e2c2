import type { ServerResponse } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection } from './sockets.ts'

/** The TCP sockets with answers to the polls of a connection, and whose answer each of them had last: proxies share them among clients. */
const answersOf = new WeakMap<Connection, Set<TcpSocket>>()
const polledBy = new WeakMap<TcpSocket, Connection>()

/** Remembers where the poll under way is answered, because its client may poll again before it has read the answer. */
export function rememberAnswer(connection: Connection): void {
  const { res } = connection.transport as unknown as { res?: ServerResponse | null }
  if (!res?.socket) return
  const answers = answersOf.get(connection) ?? new Set()
  for (const one of answers) if (one.destroyed || one.writableLength === 0) answers.delete(one)
  answersOf.set(connection, answers.add(res.socket))
  polledBy.set(res.socket, connection)
}

/** The TCP sockets with what a connection has sent: that of its websocket, and those of answers that may not have been read yet. */
export function tcpSocketsOf(connection: Connection): TcpSocket[] {
  const sockets = unreadAnswersOf(connection)
  const carrier = (websocketOf(connection) as unknown as { _socket?: TcpSocket } | undefined)?._socket
  return carrier === undefined ? sockets : [...sockets, carrier]
}

/** The bytes that were given to the transport of a connection, and that the kernel has not taken yet. */
export function unsentOf(connection: Connection): number {
  const answered = unreadAnswersOf(connection).reduce((sum, { writableLength }) => sum + writableLength, 0)
  return answered + (websocketOf(connection)?.bufferedAmount ?? 0)
}

/** Ends the answers to polls that the client of a connection has not read. */
export function cutAnswersOff(connection: Connection): void {
  for (const socket of unreadAnswersOf(connection)) if (socket.writableLength > 0) socket.destroy()
}

/** The websocket that carries a connection. Undefined while it polls. */
export function websocketOf({ transport }: Connection): WebSocket | undefined {
  return (transport as unknown as { socket?: WebSocket }).socket
}

const none: TcpSocket[] = []
function unreadAnswersOf(connection: Connection): TcpSocket[] {
  const answers = answersOf.get(connection)
  if (answers === undefined) return none
  return [...answers].filter((one) => !one.destroyed && polledBy.get(one) === connection)
}
