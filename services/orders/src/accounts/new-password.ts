import { type KnownAboutPerson, passwordWeakness } from '@comanda/access'
import { accountErrors } from './accounts.errors.ts'

/** Refuses a new password that would be guessed at once; `field` is where it stands in the body. @throws AppError `password_too_weak` */
export async function mustBeStrong(field: string, password: string, person: KnownAboutPerson): Promise<void> {
  const message = await passwordWeakness(password, person)
  if (message === undefined) return
  throw accountErrors.password_too_weak(`${field} ${message}`, { extra: { errors: [{ field, message }] } })
}
