import { type Caller, type MemberRole, manages } from '@comanda/access'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import { cursorPage, decodeCursor } from '@comanda/service'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { memberErrors } from './members.errors.ts'
import { deleteMember, listMembers as listMemberRows, upsertMember } from './members.repository.ts'
import type { Member } from './members.schema.ts'

export interface MembersDependencies {
  database: Database
  revocations: SessionRevocations
}

/** A user and a cafeteria, as the path of a request names them. */
export interface MemberKey {
  cafeteriaId: string
  userId: string
}

/** @throws AppError `cafeteria_not_found`, `invalid_cursor` */
export async function listMembers(
  { database }: MembersDependencies,
  caller: Caller,
  { cafeteriaId, limit, cursor }: { cafeteriaId: string; limit: number; cursor?: string | undefined },
): Promise<{ data: Member[]; nextCursor: string | null }> {
  mustManage(caller, cafeteriaId)
  const after = cursor === undefined ? null : decodeCursor(cursor, ['uuid'])[0]
  const rows = await database.read('primary', (db) =>
    listMemberRows(db, cafeteriaId, { limit: limit + 1, after }),
  )
  return cursorPage(rows, limit, (member) => [member.userId])
}

/**
 * Gives a user a role at a cafeteria. Managers make staff; only administrators make managers or change them.
 * @throws AppError `cafeteria_not_found`, `user_not_found`, `managers_change_forbidden`
 */
export async function putMember(
  { database, revocations }: MembersDependencies,
  caller: Caller,
  { cafeteriaId, userId }: MemberKey,
  role: MemberRole,
  requestId: string,
): Promise<Member> {
  mustManage(caller, cafeteriaId)
  const { outcome, member, endedSessionIds } = await upsertMember(database.primary, {
    cafeteriaId,
    userId,
    role,
    mayChangeManagers: caller.role === 'admin',
    actorId: caller.userId,
    requestId,
  })
  if (outcome === 'no_user') throw memberErrors.user_not_found()
  if (outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (member === null) throw cafeteriaErrors.cafeteria_not_found()
  revocations.add(endedSessionIds)
  return member
}

/** @throws AppError `cafeteria_not_found`, `member_not_found`, `managers_change_forbidden` */
export async function removeMember(
  { database, revocations }: MembersDependencies,
  caller: Caller,
  { cafeteriaId, userId }: MemberKey,
  requestId: string,
): Promise<void> {
  mustManage(caller, cafeteriaId)
  const { outcome, endedSessionIds } = await deleteMember(database.primary, {
    cafeteriaId,
    userId,
    mayChangeManagers: caller.role === 'admin',
    actorId: caller.userId,
    requestId,
  })
  if (outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (outcome !== 'changed') throw memberErrors.member_not_found()
  revocations.add(endedSessionIds)
}

/** Treats a cafeteria that the caller does not manage as one that does not exist. */
function mustManage(caller: Caller, cafeteriaId: string): void {
  if (!manages(caller, cafeteriaId)) throw cafeteriaErrors.cafeteria_not_found()
}
