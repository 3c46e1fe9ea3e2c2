import type { Manager, Socket } from 'socket.io-client'
import type { BackoffLimits } from './backoff.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { createLink, type Link } from './link.ts'
import type { SendLimiter } from './send-limiter.ts'
import type { Timers } from './timers.ts'

/** A connection to one namespace, and the conversation over it. */
export interface NamespaceConnection {
  link: Link
  socket: Socket
  conversation: Conversation
  isConnected: () => boolean
}

/** Makes the link and the conversation of a namespace. Nothing connects before `link.start`. */
export function createNamespaceConnection(options: {
  manager: Manager
  namespace: string
  /** The limiter of the manager's connection, which all its namespaces share. */
  limiter: SendLimiter
  timers: Timers
  backoff: BackoffLimits
  getAccessToken: ((renew: boolean) => Promise<string>) | null
  onState: () => void
  onConnected: () => void
  onLost: () => void
}): NamespaceConnection {
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
