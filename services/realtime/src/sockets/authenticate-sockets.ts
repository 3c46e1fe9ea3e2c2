import { accessErrors, type Caller, createAccessTokens } from '@comanda/access'
import { createAuthenticate, watchSessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import type { Logger } from '@comanda/service'
import type { Config } from '../config.ts'
import { refusal } from './refusal.ts'
import { socketErrors } from './sockets.errors.ts'
import { type Connection, type SocketNamespace, sendAway } from './sockets.ts'
import { createTally } from './tally.ts'
import { visitOf } from './visit.ts'

export interface SocketAuthentication {
  /** From now on only who has a valid access token enters the namespace, and stays no longer than it is valid. */
  guard: (sockets: SocketNamespace, options?: GuardOptions) => void
  close: () => Promise<void>
}

export interface GuardOptions {
  /** Lets in who shows no token. A token that is not valid is refused all the same. */
  strangers?: boolean
}

export interface SocketAuthenticationOptions {
  config: Config
  log: Logger
  database: Database
}

/** How long after its token expired a socket may stay, in milliseconds. One timer serves them all. */
const sweepMilliseconds = 1000

/** Who shows no token: nobody in particular, for as long as they like. */
const stranger: Caller = { userId: '', sessionId: '', role: 'customer', memberships: {} }

/**
 * Lets in whoever has a valid access token, as `auth.token` of the handshake, and sends them away when it expires or their
 * session is ended: the same tokens and revocations as over REST. A client whose token expired connects again with a new
 * one.
 */
export async function authenticateSockets(
  options: SocketAuthenticationOptions,
): Promise<SocketAuthentication> {
  const { config, log, database } = options
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET, remembered: 0 })
  const guarded: SocketNamespace[] = []
  const revocations = await watchSessionRevocations({
    database,
    lifetimeSeconds: tokens.lifetimeSeconds,
    log,
    onRevoked: sweep,
  })
  const authenticate = createAuthenticate(tokens, revocations)
  const users = createTally(config.SOCKETS_PER_USER)
  const timer = setInterval(sweep, sweepMilliseconds)

  function sweep(): void {
    const now = Date.now()
    for (const sockets of guarded)
      for (const socket of sockets.sockets.values()) {
        const { caller, expiresAt } = socket.data
        if (revocations.has(caller.sessionId)) sendAway(socket, 'session_revoked')
        else if (expiresAt <= now) sendAway(socket, 'access_token_expired')
      }
  }

  function leave(this: Connection): void {
    for (const userId of visitOf(this).userIds) users.giveBack(userId)
  }

  return {
    guard(sockets, { strangers = false } = {}) {
      guarded.push(sockets)
      sockets.use((socket, next) => {
        try {
          const token: unknown = socket.handshake.auth['token']
          if (strangers && token === undefined) {
            socket.data = { caller: stranger, expiresAt: Number.POSITIVE_INFINITY }
            return next()
          }
          if (typeof token !== 'string') throw accessErrors.access_token_invalid()
          const caller = authenticate(token)
          if (!users.take(caller.userId)) throw socketErrors.too_many_connections()
          const { userIds } = visitOf(socket.conn)
          // Not `disconnect`: a socket whose connection ends during the handshake never connects.
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
