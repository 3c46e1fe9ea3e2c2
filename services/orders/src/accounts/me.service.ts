import { type Caller, hashPassword, verifyPassword } from '@comanda/access'
import type { Database } from '@comanda/database'
import { addressKey } from '@comanda/service'
import { asUser } from './account-user.ts'
import { accountErrors } from './accounts.errors.ts'
import { findAccount, findPerson, updateAccount, updatePassword } from './accounts.repository.ts'
import type { ChangePassword, UpdateMe, User } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'
import { mustBeStrong } from './new-password.ts'

export async function getMe(database: Database, caller: Caller): Promise<User> {
  return asUser(await database.read('primary', (db) => findAccount(db, caller.userId)))
}

export async function updateMe(database: Database, caller: Caller, changes: UpdateMe): Promise<User> {
  const { name, locale } = changes
  return asUser(
    await updateAccount(database.primary, caller.userId, {
      name: name?.trim() ?? null,
      locale: locale ?? null,
    }),
  )
}

/**
 * Changes the password and ends the other sessions, which may belong to someone who knew the old one. Guesses of the current one
 * are counted as those of a login are.
 * @throws AppError `wrong_password`, `password_too_weak`, `rate_limited`
 */
export async function changePassword(
  { database, revocations, attempts }: AccountsDependencies,
  { userId, sessionId }: Caller,
  { currentPassword, newPassword }: ChangePassword,
  { ip, signal }: { ip: string; signal: AbortSignal },
): Promise<void> {
  const waiter = { client: addressKey(ip), signal }
  const person = await attempts.login(userId, ip, async () => {
    const found = await findPerson(database.primary, userId)
    if (!(await verifyPassword(currentPassword, found?.passwordHash ?? null, waiter)) || found === undefined)
      throw accountErrors.wrong_password()
    return found
  })
  const { passwordHash: previousHash } = person
  await mustBeStrong('newPassword', newPassword, person)
  const hash = await hashPassword(newPassword, waiter)
  const ended = await updatePassword(database.primary, {
    userId,
    previousHash,
    hash,
    keptSessionId: sessionId,
  })
  if (!ended) throw accountErrors.wrong_password()
  revocations.add(ended)
}
