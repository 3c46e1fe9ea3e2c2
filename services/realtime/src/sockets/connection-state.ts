import type { ClientSocket, Connection } from './sockets.ts'

/**
 * What the gateway keeps about a connection while it is open, in one object: listeners are shared by all connections and find here
 * what they need, because a closure per connection would take more memory than what it remembers.
 */
export interface ConnectionState {
  address: string
  /** The users against whose limit its sockets were counted. */
  userIds: string[]
  /** The tokens left in its bucket of packets, and when they were counted, in milliseconds. */
  messagesLeft: number
  countedAt: number
  /** The size of the packets that wait until the client has read what was sent before. */
  queuedBytes: number
  /** A socket that it carries, through which the client is sent the reason for the end. */
  socket: ClientSocket | undefined
}

const key: unique symbol = Symbol('state')
type ConnectionWithState = Connection & { [key]?: ConnectionState }

export function attachState(connection: Connection, state: ConnectionState): void {
  ;(connection as ConnectionWithState)[key] = state
}

/** The state of a connection that was admitted; the connection of every socket has one. */
export function stateOf(connection: Connection): ConnectionState {
  return (connection as ConnectionWithState)[key] as ConnectionState
}
