import { type Caller, hashRefreshToken } from '@comanda/access'
import { type ListPage, readListBy } from '../lists/list-source.ts'
import { accountErrors } from './accounts.errors.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import {
  countSessions,
  listSessions as listSessionRows,
  revokeSessionOfToken,
  revokeSessions,
} from './sessions.repository.ts'
import { type ListSessions, type Session, sessionFields } from './sessions.schema.ts'

type SessionsDependencies = Pick<AccountsDependencies, 'database' | 'revocations'>

/** Lists the caller's sessions, newest first. @throws AppError `invalid_cursor`, `unknown_field` */
export async function listSessions(
  { database }: SessionsDependencies,
  caller: Caller,
  request: ListSessions,
): Promise<ListPage<Session>> {
  return readListBy((query) => database.read('primary', query), request, {
    fields: sessionFields,
    sortedBy: ['createdAt', 'id'],
    keyTypes: ['timestamp', 'uuid'],
    async list(db, _fields, slice) {
      const rows = await listSessionRows(db, caller.userId, slice)
      return rows.map((row) => ({ ...row, current: row.id === caller.sessionId }))
    },
    count: (db) => countSessions(db, caller.userId),
  })
}

/** Ends the caller's own session. */
export async function endSession(
  { database, revocations }: SessionsDependencies,
  caller: Caller,
): Promise<void> {
  revocations.add(await revokeSessions(database.primary, caller.userId, { only: caller.sessionId }))
}

/** Ends the session of a refresh token, used or not; an unknown one has none to end. */
export async function endSessionOfToken(
  { database, revocations }: SessionsDependencies,
  refreshToken: string,
): Promise<void> {
  const ended = await revokeSessionOfToken(database.primary, hashRefreshToken(refreshToken))
  if (ended !== undefined) revocations.add([ended])
}

/** Ends one session of the caller. @throws AppError `session_not_found`, also for another user's session and for one that has ended */
export async function endOneSession(
  { database, revocations }: SessionsDependencies,
  caller: Caller,
  sessionId: string,
): Promise<void> {
  const ended = await revokeSessions(database.primary, caller.userId, { only: sessionId })
  if (ended.length === 0) throw accountErrors.session_not_found()
  revocations.add(ended)
}

/** Ends all sessions of the caller, or all but the one that asks. */
export async function endSessions(
  { database, revocations }: SessionsDependencies,
  caller: Caller,
  scope: 'others' | 'all',
): Promise<void> {
  const kept = scope === 'others' ? { except: caller.sessionId } : {}
  revocations.add(await revokeSessions(database.primary, caller.userId, kept))
}
