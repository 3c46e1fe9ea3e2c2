import { AppError } from '@comanda/errors'
import { platformErrors } from '@comanda/service'

/** Makes of an error what socket.io passes to the client of a refused handshake: `error.data.code`. */
export function refusal(error: unknown): Error & { data: { code: string } } {
  const { title, code } = error instanceof AppError ? error : platformErrors.internal_error()
  return Object.assign(new Error(title), { data: { code } })
}
