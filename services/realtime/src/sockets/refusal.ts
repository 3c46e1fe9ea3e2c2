import { AppError } from '@comanda/errors'
import { platformErrors } from '@comanda/service'

/** An error as socket.io passes it to the client of a refused handshake: `error.data.code`. */
export function refusal(error: unknown): Error & { data: { code: string } } {
  const { title, code } = error instanceof AppError ? error : platformErrors.internal_error()
  return Object.assign(new Error(title), { data: { code } })
}
