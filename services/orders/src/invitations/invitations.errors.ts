import { defineErrors } from '@comanda/errors'

export const invitationErrors = defineErrors({
  already_member: { status: 409, title: 'Somebody with this email address works at the cafeteria already' },
  invitation_not_found: { status: 404, title: 'There is no such invitation' },
  invitation_closed: { status: 409, title: 'The invitation cannot be answered any more' },
  wrong_invitation_code: { status: 422, title: 'The code is not that of the invitation' },
})
