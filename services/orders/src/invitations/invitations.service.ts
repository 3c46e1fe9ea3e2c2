import type { Caller } from '@comanda/access'
import { normalizedEmail } from '@comanda/service/values'
import type { Editor } from '../audit/editor.ts'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { type ListPage, readListBy } from '../lists/list-source.ts'
import { memberErrors } from '../members/members.errors.ts'
import { type MembersDependencies, mustManage } from '../members/members.service.ts'
import { createInvitationCode } from './invitation-code.ts'
import { invitationErrors } from './invitations.errors.ts'
import {
  countInvitations,
  insertInvitation,
  listInvitations as listInvitationRows,
  withdrawInvitation as withdrawInvitationRow,
} from './invitations.repository.ts'
import {
  type Invitation,
  type InviteMember,
  invitationFields,
  type ListInvitations,
  type NewInvitation,
} from './invitations.schema.ts'

type InvitationsDependencies = Pick<MembersDependencies, 'database'>

/**
 * Invites whoever has an email address, with an account or without, to work at a cafeteria. The code that accepting needs is answered
 * this once; a pending invitation of the same address is replaced.
 * @throws AppError `cafeteria_not_found`, `managers_change_forbidden`, `already_member`
 */
export async function inviteMember(
  { database }: InvitationsDependencies,
  { caller, requestId }: Editor,
  cafeteriaId: string,
  { email, role }: InviteMember,
): Promise<NewInvitation> {
  mustManage(caller, cafeteriaId)
  const { code, hash } = createInvitationCode()
  const { outcome, invitation } = await insertInvitation(
    database.primary,
    { cafeteriaId, email: normalizedEmail(email), role, codeHash: hash },
    { actorId: caller.userId, mayChangeManagers: caller.role === 'admin', requestId },
  )
  if (outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (outcome === 'already_member') throw invitationErrors.already_member()
  if (invitation === null) throw cafeteriaErrors.cafeteria_not_found()
  return { ...invitation, code }
}

/** Lists the invitations of a cafeteria that stand, newest first. @throws AppError `cafeteria_not_found`, `invalid_cursor`, `unknown_field` */
export async function listInvitations(
  { database }: InvitationsDependencies,
  caller: Caller,
  cafeteriaId: string,
  request: ListInvitations,
): Promise<ListPage<Invitation>> {
  mustManage(caller, cafeteriaId)
  return readListBy((query) => database.read('primary', query), request, {
    fields: invitationFields,
    sortedBy: ['id'],
    keyTypes: ['uuid'],
    list: (db, _fields, slice) => listInvitationRows(db, { cafeteriaId }, slice),
    count: (db) => countInvitations(db, { cafeteriaId }),
  })
}

/** @throws AppError `cafeteria_not_found`, `invitation_not_found`, `invitation_closed`, `managers_change_forbidden` */
export async function withdrawInvitation(
  { database }: InvitationsDependencies,
  { caller, requestId }: Editor,
  { cafeteriaId, invitationId }: { cafeteriaId: string; invitationId: string },
): Promise<void> {
  mustManage(caller, cafeteriaId)
  const closed = await withdrawInvitationRow(
    database.primary,
    { cafeteriaId, invitationId },
    { actorId: caller.userId, mayChangeManagers: caller.role === 'admin', requestId },
  )
  if (closed.outcome === 'not_found') throw invitationErrors.invitation_not_found()
  if (closed.outcome === 'forbidden') throw memberErrors.managers_change_forbidden()
  if (closed.outcome === 'answered')
    throw invitationErrors.invitation_closed(undefined, { extra: { invitationStatus: closed.status } })
}
