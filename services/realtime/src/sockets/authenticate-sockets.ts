import { type AccessTokens, accessErrors } from '@comanda/access'
import { refusal } from './refusal.ts'
import { socketErrors } from './sockets.errors.ts'
import { type OrderSockets, sendAway } from './sockets.ts'
import { createTally } from './tally.ts'

/** The longest that a timer of Node waits, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/**
 * Lets in whoever has a valid access token, as `auth.token` of the handshake, and sends them away when it expires: a client
 * connects again with a new one.
 */
export function authenticateSockets(sockets: OrderSockets, tokens: AccessTokens, mostPerUser: number): void {
  const users = createTally(mostPerUser)
  sockets.use((socket, next) => {
    try {
      const token: unknown = socket.handshake.auth['token']
      if (typeof token !== 'string') throw accessErrors.access_token_invalid()
      const caller = tokens.verify(token)
      if (!users.take(caller.userId)) throw socketErrors.too_many_connections()
      // Not `disconnect`: a socket whose connection ends during the handshake never connects.
      socket.conn.once('close', () => users.giveBack(caller.userId))
      socket.data = { caller, expiresAt: tokens.expiresAt(token) }
      next()
    } catch (error) {
      next(refusal(error))
    }
  })
  sockets.on('connection', (socket) => {
    const left = Math.min(socket.data.expiresAt - Date.now(), longestTimer)
    const expiry = setTimeout(() => sendAway(socket, 'access_token_expired'), left)
    socket.once('disconnect', () => clearTimeout(expiry))
  })
}
