import type { Manager, Socket } from 'socket.io-client'
import type { BackoffLimits } from './backoff.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { createLink, type Link } from './link.ts'
import type { Pace } from './pace.ts'
import type { Timers } from './timers.ts'

/** One namespace: its link, and what is asked over it. */
export interface Connection {
  link: Link
  socket: Socket
  conversation: Conversation
  isConnected: () => boolean
}

/** Nothing connects before `link.start`. Namespaces of one manager share a connection below. */
export function createConnection(options: {
  manager: Manager
  namespace: string
  /** Of the connection below, which all its namespaces share. */
  pace: Pace
  timers: Timers
  backoff: BackoffLimits
  getAccessToken: ((renew: boolean) => Promise<string>) | null
  onState: () => void
  onConnected: () => void
  onLost: () => void
}): Connection {
  const link = createLink({
    ...options,
    onConnected() {
      conversation.begin()
      options.onConnected()
    },
  })
  const conversation = createConversation(link, options)
  return { link, socket: link.socket, conversation, isConnected: () => link.state() === 'connected' }
}
