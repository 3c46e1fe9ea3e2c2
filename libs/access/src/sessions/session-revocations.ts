import type { Database, ReadNeed } from '@comanda/database'
import { startLoop } from '@comanda/loops'
import type { Caller } from '../roles.ts'
import { type ChangedRoles, listChangedRoles, listRevokedSessions } from './revoked-sessions.repository.ts'

/** Which sessions were ended, and whose roles were changed, while access tokens that do not know of it may still be valid. */
export interface SessionRevocations {
  has: (sessionId: string) => boolean
  /** Whether the caller's token has roles that were changed since. */
  hasOldRoles: (caller: Pick<Caller, 'userId' | 'rolesVersion'>) => boolean
  /** Refuses the tokens of sessions that this process has just ended, at once. */
  add: (sessionIds: Iterable<string>) => void
  /** Reads what was changed now; for the process that has just changed roles, which shall refuse the tokens at once. */
  read: () => Promise<void>
  close: () => Promise<void>
}

export interface SessionRevocationsOptions {
  database: Database
  /**
   * Which server tells what has changed; the primary unless given. A replica may be late by any time, so that a poll of one reads
   * everything since the oldest valid token was issued.
   */
  need?: ReadNeed
  /** The lifetime of an access token: no token of a session that ended longer ago is still valid. */
  lifetimeSeconds: number
  /** How late other processes may learn of an ended session or of changed roles. */
  intervalMilliseconds?: number
  /** Called after sessions or changes of roles became known that were not, of this process or of others. Must not throw. */
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
  const {
    database,
    need = 'primary',
    lifetimeSeconds,
    intervalMilliseconds = 500,
    onRevoked = () => {},
    log,
  } = options
  const keptMilliseconds = (lifetimeSeconds + overlapSeconds) * 1000
  /** When each may be forgotten, in the order in which they were learnt. */
  const revoked = new Map<string, number>()
  /** By user; kept as long. */
  const roles = new Map<string, { rolesVersion: number; until: number }>()
  let answeredAt: number | undefined

  function add(sessionIds: Iterable<string>): void {
    const until = Date.now() + keptMilliseconds
    const known = revoked.size
    for (const id of sessionIds) if (!revoked.has(id)) revoked.set(id, until)
    if (revoked.size > known) onRevoked()
  }

  function learn(changed: readonly ChangedRoles[]): void {
    const until = Date.now() + keptMilliseconds
    let isNew = false
    for (const { userId, rolesVersion } of changed) {
      if ((roles.get(userId)?.rolesVersion ?? 0) >= rolesVersion) continue
      isNew = true
      roles.delete(userId)
      roles.set(userId, { rolesVersion, until })
    }
    if (isNew) onRevoked()
  }

  function forget(): void {
    const now = Date.now()
    for (const [userId, { until }] of roles) {
      if (until > now) break
      roles.delete(userId)
    }
    for (const [id, until] of revoked) {
      if (until > now) return
      revoked.delete(id)
    }
  }

  async function poll(): Promise<void> {
    const startedAt = Date.now()
    const sinceLast = answeredAt === undefined ? Number.POSITIVE_INFINITY : (startedAt - answeredAt) / 1000
    const reach = need === 'primary' ? Math.min(lifetimeSeconds, sinceLast) : lifetimeSeconds
    const seconds = reach + overlapSeconds
    try {
      const [ended, changed] = await database.read(need, (db) =>
        Promise.all([listRevokedSessions(db, seconds), listChangedRoles(db, seconds)]),
      )
      add(ended)
      learn(changed)
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
  return {
    has: (sessionId) => revoked.has(sessionId),
    hasOldRoles: ({ userId, rolesVersion }) =>
      rolesVersion !== undefined && rolesVersion < (roles.get(userId)?.rolesVersion ?? 0),
    add,
    // What cannot be read now is read by the next poll.
    read: () => poll().catch(() => undefined),
    close: stop,
  }
}
