import type { Manager, Socket } from 'socket.io-client'
import { type BackoffLimits, reconnectDelay } from './backoff.ts'
import { needsNewToken } from './refusals.ts'
import type { Timers } from './timers.ts'

/** A link that is `waiting` waits for its next attempt, or for something to be followed. */
export type ConnectionState = 'connecting' | 'connected' | 'waiting' | 'closed'

export interface LinkOptions {
  manager: Manager
  namespace: string
  timers: Timers
  backoff: BackoffLimits
  /** Asked before every attempt; null connects without a token. */
  getAccessToken: ((renew: boolean) => Promise<string>) | null
  onState: () => void
  onConnected: () => void
  onLost: () => void
}

/** The connection to one namespace, which is made again whenever it is lost. */
export interface Link {
  /** Connected while `state` says so. */
  socket: Socket
  state: () => ConnectionState
  /** Why it is not connected, as the gateway or the network said; null when nothing is wrong. */
  reason: () => string | null
  /** Connects for the first time, and from then on whenever the connection is lost. */
  start: () => void
  started: () => boolean
  /** Connects now instead of after the wait. */
  wake: () => void
  close: () => void
}

const attemptMilliseconds = 10_000

/** Nothing connects before `start`. An attempt that takes longer than 10 s has failed. */
export function createLink(options: LinkOptions): Link {
  const { manager, namespace, timers, backoff, getAccessToken, onState, onConnected, onLost } = options
  const socket = manager.socket(namespace)
  let state: ConnectionState = 'waiting'
  let started = false
  let reason: string | null = null
  /** What the gateway said before it ended the connection. */
  let farewell: string | null = null
  /** Whether the last token was refused, and there is no other one yet. */
  let isTokenUseless = false
  let failures = 0
  let attempt = 0
  let connectedAt = 0
  let stopWaiting = () => {}
  let stopAttempt = () => {}

  function become(next: ConnectionState): void {
    if (state === next) return
    state = next
    onState()
  }

  function connect(): void {
    if (state !== 'waiting') return
    stopWaiting()
    farewell = null
    attempt += 1
    const mine = attempt
    stopAttempt = timers.later(attemptMilliseconds, () => tryLater('timeout'))
    become('connecting')
    tokenFor(mine).catch((error: unknown) => {
      if (mine === attempt && state === 'connecting') tryLater(codeOf(error))
    })
  }

  async function tokenFor(mine: number): Promise<void> {
    if (getAccessToken) {
      socket.auth = { token: await getAccessToken(isTokenUseless) }
      isTokenUseless = false
    }
    // Another attempt may have begun, or the end have come, while the application was asked.
    if (mine === attempt && state === 'connecting') socket.connect()
  }

  function tryLater(code: string | null): void {
    if (state === 'closed' || state === 'waiting') return
    stopAttempt()
    const wasConnected = state === 'connected'
    // A connection that lasted was no failure; one that ends soon after it began is.
    if (wasConnected && Date.now() - connectedAt > backoff.mostMilliseconds) failures = 0
    socket.disconnect()
    reason = code
    if (needsNewToken(code)) isTokenUseless = true
    stopWaiting = timers.later(reconnectDelay(code, failures, backoff), connect)
    failures += 1
    become('waiting')
    if (wasConnected) onLost()
  }

  socket.on('connect', () => {
    stopAttempt()
    reason = null
    connectedAt = Date.now()
    become('connected')
    onConnected()
  })
  socket.on('connect_error', (error: Error) => {
    tryLater(codeOf(error))
  })
  socket.on('connection:closing', ({ code }: { code: string }) => {
    farewell = code
  })
  socket.on('disconnect', (cause: string) => {
    tryLater(farewell ?? cause)
  })

  return {
    socket,
    state: () => state,
    reason: () => reason,
    start() {
      if (started) return
      started = true
      connect()
    },
    started: () => started,
    wake() {
      if (started) connect()
    },
    close() {
      stopWaiting()
      stopAttempt()
      become('closed')
      socket.off()
      socket.disconnect()
    },
  }
}

/** The code of a refused handshake, otherwise what went wrong in words. */
function codeOf(error: unknown): string {
  const { data, message } = error as { data?: { code?: unknown }; message?: unknown }
  if (typeof data?.code === 'string') return data.code
  return typeof message === 'string' ? message : 'unknown'
}
