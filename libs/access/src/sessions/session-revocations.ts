import type { Database } from '@comanda/database'
import { startLoop } from '@comanda/loops'
import { listRevokedSessions } from './revoked-sessions.repository.ts'

/** Which sessions were ended while access tokens of theirs may still be valid. */
export interface SessionRevocations {
  has: (sessionId: string) => boolean
  /** Refuses the tokens of sessions that this process has just ended, at once. */
  add: (sessionIds: Iterable<string>) => void
  close: () => Promise<void>
}

export interface SessionRevocationsOptions {
  database: Database
  /** The lifetime of an access token: no token of a session that ended longer ago is still valid. */
  lifetimeSeconds: number
  /** How late other processes may learn of an ended session. */
  intervalMilliseconds?: number
  /** Called after sessions became known that were not, of this process or of others. Must not throw. */
  onRevoked?: () => void
  log: { warn: (context: object, message: string) => void; info: (context: object, message: string) => void }
}

/** Every poll reaches back beyond the last one: a session may have ended before that, and been committed after it. */
const overlapSeconds = 60

/**
 * Keeps the ended sessions in memory, so that no request has to ask, and polls for those that other processes ended.
 * While no server answers, the sessions known so far stay refused. The first poll is over when this returns.
 */
export async function watchSessionRevocations(
  options: SessionRevocationsOptions,
): Promise<SessionRevocations> {
  const { database, lifetimeSeconds, intervalMilliseconds = 2000, onRevoked = () => {}, log } = options
  const keptMilliseconds = (lifetimeSeconds + overlapSeconds) * 1000
  /** When each may be forgotten, in the order in which they were learnt. */
  const revoked = new Map<string, number>()
  let answeredAt: number | undefined

  function add(sessionIds: Iterable<string>): void {
    const until = Date.now() + keptMilliseconds
    const known = revoked.size
    for (const id of sessionIds) if (!revoked.has(id)) revoked.set(id, until)
    if (revoked.size > known) onRevoked()
  }

  function forget(): void {
    const now = Date.now()
    for (const [id, until] of revoked) {
      if (until > now) return
      revoked.delete(id)
    }
  }

  async function poll(): Promise<void> {
    const startedAt = Date.now()
    const sinceLast = answeredAt === undefined ? Number.POSITIVE_INFINITY : (startedAt - answeredAt) / 1000
    const seconds = Math.min(lifetimeSeconds, sinceLast) + overlapSeconds
    try {
      add(await database.read('primary', (db) => listRevokedSessions(db, seconds)))
      answeredAt = startedAt
    } finally {
      forget()
    }
  }

  const { firstPass, stop } = startLoop({
    run: poll,
    intervalMilliseconds,
    onFailure(err, failures) {
      if (failures === 1) log.warn({ err }, 'ended sessions cannot be read; the known ones stay refused')
    },
    onRecovery: () => log.info({}, 'ended sessions are known again'),
  })
  await firstPass
  return { has: (sessionId) => revoked.has(sessionId), add, close: stop }
}
