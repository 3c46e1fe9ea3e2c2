import { type Caller, hashPassword, verifyPassword } from '@comanda/access'
import type { Database } from '@comanda/database'
import { asUser } from './account-user.ts'
import { accountErrors } from './accounts.errors.ts'
import { findAccount, findPasswordHash, updateAccount, updatePassword } from './accounts.repository.ts'
import type { ChangePassword, UpdateMe, User } from './accounts.schema.ts'
import type { AccountsDependencies } from './accounts-dependencies.ts'

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

/** Changes the password and ends the other sessions, which may belong to someone who knew the old one. @throws AppError `wrong_password` */
export async function changePassword(
  { database, revocations }: AccountsDependencies,
  { userId, sessionId }: Caller,
  { currentPassword, newPassword }: ChangePassword,
): Promise<void> {
  const previousHash = (await findPasswordHash(database.primary, userId)) ?? null
  if (!(await verifyPassword(currentPassword, previousHash)) || previousHash === null)
    throw accountErrors.wrong_password()
  const hash = await hashPassword(newPassword)
  const ended = await updatePassword(database.primary, {
    userId,
    previousHash,
    hash,
    keptSessionId: sessionId,
  })
  if (!ended) throw accountErrors.wrong_password()
  revocations.add(ended)
}
