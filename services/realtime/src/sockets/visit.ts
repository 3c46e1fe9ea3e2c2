import type { ClientSocket, Connection } from './sockets.ts'

/**
 * What is kept of a connection as long as it is open, in one place: listeners are shared by all connections and find here
 * what they need, because a closure for each would cost more than what it remembers.
 */
export interface Visit {
  address: string
  /** Those that sockets of it were counted for. */
  userIds: string[]
  /** Messages that may still come, and when that was worked out, in milliseconds. */
  messagesLeft: number
  countedAt: number
  /** A socket that it carries, to say goodbye through. */
  socket: ClientSocket | undefined
}

const key: unique symbol = Symbol('visit')
type Visited = Connection & { [key]?: Visit }

export function beginVisit(connection: Connection, visit: Visit): void {
  ;(connection as Visited)[key] = visit
}

/** Of a connection that was let in; every socket has one. */
export function visitOf(connection: Connection): Visit {
  return (connection as Visited)[key] as Visit
}
