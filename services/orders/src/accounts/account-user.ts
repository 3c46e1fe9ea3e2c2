import { accessErrors, highestRole } from '@comanda/access'
import type { Account } from './accounts.repository.ts'
import type { User } from './accounts.schema.ts'

/** An account as its owner sees it. @throws AppError `access_token_invalid`: a token of ours names an account that is not in this database */
export function asUser(account: Account | undefined): User {
  if (!account) throw accessErrors.access_token_invalid()
  const { id, email, name, locale, isAdmin, memberships, createdAt } = account
  const role = highestRole(
    isAdmin,
    memberships.map((membership) => membership.role),
  )
  return { id, email, name, locale, role, memberships, createdAt }
}
