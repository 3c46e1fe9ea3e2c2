import type { Caller } from '@comanda/access'
import type { Editor } from '../audit/editor.ts'
import { type ListPage, readListBy } from '../lists/list-source.ts'
import type { MembersDependencies } from '../members/members.service.ts'
import { hashInvitationCode } from './invitation-code.ts'
import { invitationErrors } from './invitations.errors.ts'
import {
  acceptInvitation as acceptInvitationRow,
  countInvitations,
  declineInvitation as declineInvitationRow,
  listInvitations,
} from './invitations.repository.ts'
import {
  type AcceptedInvitation,
  type ListOwnInvitations,
  type OwnInvitation,
  ownInvitationFields,
} from './invitations.schema.ts'

/** Lists the invitations that the caller may accept, newest first. @throws AppError `invalid_cursor`, `unknown_field` */
export async function listOwnInvitations(
  { database }: Pick<MembersDependencies, 'database'>,
  { userId }: Caller,
  request: ListOwnInvitations,
): Promise<ListPage<OwnInvitation>> {
  return readListBy((query) => database.read('primary', query), request, {
    fields: ownInvitationFields,
    sortedBy: ['id'],
    keyTypes: ['uuid'],
    list: (db, _fields, slice) => listInvitations(db, { userId }, slice),
    count: (db) => countInvitations(db, { userId }),
  })
}

/**
 * Makes the caller a member. Their access tokens from before are refused, here at once.
 * @throws AppError `invitation_not_found`, `wrong_invitation_code`, `invitation_closed`
 */
export async function acceptInvitation(
  { database, revocations }: MembersDependencies,
  { caller, requestId }: Editor,
  { invitationId, code }: { invitationId: string; code: string },
): Promise<AcceptedInvitation> {
  const accepted = await acceptInvitationRow(database.primary, {
    userId: caller.userId,
    invitationId,
    codeHash: hashInvitationCode(code),
    requestId,
  })
  switch (accepted.outcome) {
    case 'not_found':
      throw invitationErrors.invitation_not_found()
    case 'wrong_code':
      throw invitationErrors.wrong_invitation_code()
    case 'closed':
      throw invitationErrors.invitation_closed(undefined, { extra: { invitationStatus: accepted.status } })
    case 'accepted':
      await revocations.read()
      return { cafeteriaId: accepted.cafeteriaId, role: accepted.role }
  }
}

/** @throws AppError `invitation_not_found`, `invitation_closed` */
export async function declineInvitation(
  { database }: Pick<MembersDependencies, 'database'>,
  { caller, requestId }: Editor,
  invitationId: string,
): Promise<void> {
  const closed = await declineInvitationRow(database.primary, {
    userId: caller.userId,
    invitationId,
    requestId,
  })
  if (closed.outcome === 'answered')
    throw invitationErrors.invitation_closed(undefined, { extra: { invitationStatus: closed.status } })
  if (closed.outcome !== 'closed') throw invitationErrors.invitation_not_found()
}
