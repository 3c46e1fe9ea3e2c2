import { defineErrors } from '@comanda/errors'

export const memberErrors = defineErrors({
  member_not_found: { status: 404, title: 'There is no such member' },
  managers_change_forbidden: { status: 403, title: 'Only administrators make, change and remove managers' },
})
