import { accessErrors, type Caller } from '@comanda/access'
import { openSessions } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import type { Logger } from '@comanda/service'
import type { Config } from '../config.ts'
import { createConnectionLimit } from './connection-limit.ts'
import { stateOf } from './connection-state.ts'
import { refusal } from './refusal.ts'
import { socketErrors } from './sockets.errors.ts'
import { type Connection, type SocketNamespace, sendAway } from './sockets.ts'

export interface SocketAuthentication {
  /** From now on only clients with a valid access token enter the namespace, and they stay no longer than it is valid. */
  guard: (sockets: SocketNamespace, options?: GuardOptions) => void
  close: () => Promise<void>
}

export interface GuardOptions {
  /** Lets in clients without a token. A token that is not valid is refused all the same. */
  anonymous?: boolean
}

export interface SocketAuthenticationOptions {
  config: Config
  log: Logger
  database: Database
}

/** A socket may stay this long after its token expired, in milliseconds. One timer serves all sockets. */
const sweepMilliseconds = 1000

/** The caller that stands for every client without a token. */
const anonymousCaller: Caller = { userId: '', sessionId: '', role: 'customer', memberships: {} }

/**
 * Admits clients with a valid access token, `auth.token` of the handshake, and disconnects them when it expires, their session ends
 * or their roles change, by the tokens and revocations that REST uses too. A client whose token expired connects again with a new one.
 */
export async function authenticateSockets(
  options: SocketAuthenticationOptions,
): Promise<SocketAuthentication> {
  const { config, log, database } = options
  const guarded: SocketNamespace[] = []
  const { tokens, revocations, authenticate } = await openSessions({
    secret: config.ACCESS_TOKEN_SECRET,
    remembered: 0,
    database,
    log,
    onRevoked: sweep,
  })
  const users = createConnectionLimit(config.SOCKETS_PER_USER)
  const timer = setInterval(sweep, sweepMilliseconds)

  function sweep(): void {
    const now = Date.now()
    for (const sockets of guarded)
      for (const socket of sockets.sockets.values()) {
        const { caller, expiresAt } = socket.data
        if (revocations.has(caller.sessionId)) sendAway(socket, 'session_revoked')
        else if (expiresAt <= now || revocations.hasOldRoles(caller)) sendAway(socket, 'access_token_expired')
      }
  }

  function leave(this: Connection): void {
    for (const userId of stateOf(this).userIds) users.release(userId)
  }

  return {
    guard(sockets, { anonymous = false } = {}) {
      guarded.push(sockets)
      sockets.use((socket, next) => {
        try {
          const token: unknown = socket.handshake.auth['token']
          if (anonymous && token === undefined) {
            socket.data = { caller: anonymousCaller, expiresAt: Number.POSITIVE_INFINITY }
            return next()
          }
          if (typeof token !== 'string') throw accessErrors.access_token_invalid()
          const caller = authenticate(token)
          if (!users.acquire(caller.userId)) throw socketErrors.too_many_connections()
          const { userIds } = stateOf(socket.conn)
          // `disconnect` would not do: a socket whose connection ends during the handshake never connects.
          if (userIds.length === 0) socket.conn.on('close', leave)
          userIds.push(caller.userId)
          socket.data = { caller, expiresAt: tokens.expiresAt(token) }
          socket.handshake.auth = {}
          next()
        } catch (error) {
          next(refusal(error))
        }
      })
    },
    async close() {
      clearInterval(timer)
      await revocations.close()
    },
  }
}
