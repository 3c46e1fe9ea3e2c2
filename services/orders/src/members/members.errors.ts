import { defineErrors } from '@comanda/errors'

export const memberErrors = defineErrors({
  // A cafeteria that the caller does not manage is one that does not exist.
  managed_cafeteria_not_found: { status: 404, title: 'You manage no such cafeteria' },
  member_not_found: { status: 404, title: 'There is no such member' },
  user_not_found: { status: 404, title: 'There is no such user' },
  managers_change_forbidden: { status: 403, title: 'Only administrators make, change and remove managers' },
})
