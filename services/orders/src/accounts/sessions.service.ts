import { type Caller, hashRefreshToken } from '@comanda/access'
import { cursorPage, decodeCursor } from '@comanda/service'
import { accountErrors } from './accounts.errors.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import {
  listSessions as listSessionRows,
  revokeSessionOfToken,
  revokeSessions,
  type SessionRow,
} from './sessions.repository.ts'
import type { Session } from './sessions.schema.ts'

type SessionsDependencies = Pick<AccountsDependencies, 'database' | 'revocations'>

/** Lists the caller's sessions, newest first. @throws AppError `invalid_cursor` */
export async function listSessions(
  { database }: SessionsDependencies,
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Session[]; nextCursor: string | null }> {
  const [createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, ['timestamp', 'uuid'])
  const after = createdAt === undefined || id === undefined ? null : { createdAt, id }
  const rows = await database.read('primary', (db) =>
    listSessionRows(db, caller.userId, { limit: limit + 1, after }),
  )
  const { data, nextCursor } = cursorPage(rows, limit, (row: SessionRow) => [row.createdAt, row.id])
  return { data: data.map((row) => ({ ...row, current: row.id === caller.sessionId })), nextCursor }
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
