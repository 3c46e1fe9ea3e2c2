import { type Caller, type MemberRole, manages } from '@comanda/access'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { type ListPage, readListBy } from '../lists/list-source.ts'
import { memberErrors } from './members.errors.ts'
import {
  countMembers,
  deleteMember,
  listMembers as listMemberRows,
  updateMember,
} from './members.repository.ts'
import { type ListMembers, type Member, memberFields } from './members.schema.ts'

export interface MembersDependencies {
  database: Database
  revocations: SessionRevocations
}

/** A user and a cafeteria, as the path of a request names them. */
export interface MemberKey {
  cafeteriaId: string
  userId: string
}

/** @throws AppError `cafeteria_not_found`, `invalid_cursor`, `unknown_field` */
export async function listMembers(
  { database }: MembersDependencies,
  caller: Caller,
  cafeteriaId: string,
  request: ListMembers,
): Promise<ListPage<Member>> {
  mustManage(caller, cafeteriaId)
  return readListBy((query) => database.read('primary', query), request, {
    fields: memberFields,
    sortedBy: ['userId'],
    keyTypes: ['uuid'],
    list: (db, _fields, slice) => listMemberRows(db, cafeteriaId, slice),
    count: (db) => countMembers(db, cafeteriaId),
  })
}

/**
 * Gives a member another role. Only administrators make managers or change them.
 * @throws AppError `cafeteria_not_found`, `member_not_found`, `managers_change_forbidden`
 */
export async function changeMember(
  { database, revocations }: MembersDependencies,
  caller: Caller,
  { cafeteriaId, userId }: MemberKey,
  role: MemberRole,
  requestId: string,
): Promise<Member> {
  mustManage(caller, cafeteriaId)
  const { outcome, member } = await updateMember(database.primary, {
    cafeteriaId,
    userId,
    role,
    mayChangeManagers: caller.role === 'admin',
    actorId: caller.userId,
    requestId,
  })
  if (outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (member === null) throw memberErrors.member_not_found()
  await revocations.read()
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
  const { outcome } = await deleteMember(database.primary, {
    cafeteriaId,
    userId,
    mayChangeManagers: caller.role === 'admin',
    actorId: caller.userId,
    requestId,
  })
  if (outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (outcome !== 'changed') throw memberErrors.member_not_found()
  await revocations.read()
}

/** Treats a cafeteria that the caller does not manage as one that does not exist. @throws AppError `cafeteria_not_found` */
export function mustManage(caller: Caller, cafeteriaId: string): void {
  if (!manages(caller, cafeteriaId)) throw cafeteriaErrors.cafeteria_not_found()
}
