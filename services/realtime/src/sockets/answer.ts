import { AppError } from '@comanda/errors'
import type { Acknowledge } from '@comanda/events'
import { type Logger, platformErrors } from '@comanda/service'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { OrderSocket } from './sockets.ts'

/**
 * What listens to an event of clients: validates the message, does the work and acknowledges it, with the error's code when
 * it fails. A client that asks for no acknowledgement gets none. To be made once, not per socket.
 */
export function createAnswer(log: Logger, onMessage: (event: string) => void) {
  return function answer<Schema extends TSchema, Answer extends object>(
    event: string,
    schema: Schema,
    work: (socket: OrderSocket, message: Static<Schema>) => Answer | Promise<Answer>,
  ): (this: OrderSocket, message: Static<Schema>, acknowledge: Acknowledge<Answer>) => void {
    const validator = Compile(schema)
    async function respond(
      socket: OrderSocket,
      message: unknown,
    ): Promise<Parameters<Acknowledge<Answer>>[0]> {
      try {
        if (!validator.Check(message)) throw platformErrors.validation_failed()
        return { ok: true, ...(await work(socket, message)) }
      } catch (error) {
        if (error instanceof AppError) return { ok: false, code: error.code }
        log.error({ err: error, event }, 'socket event failed')
        return { ok: false, code: platformErrors.internal_error().code }
      }
    }
    return function listen(message, acknowledge) {
      onMessage(event)
      const done: unknown = acknowledge
      void respond(this, message).then((answer) => {
        if (typeof done === 'function') acknowledge(answer)
      })
    }
  }
}
