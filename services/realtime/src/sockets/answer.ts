import { AppError } from '@comanda/errors'
import type { Acknowledge } from '@comanda/events'
import { type Logger, type Metrics, platformErrors } from '@comanda/service'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ClientSocket } from './sockets.ts'

/**
 * Makes listeners for events of clients. A listener validates the message, does the work and acknowledges it, with the error's
 * code when it fails. A client that asks for no acknowledgement gets none. Make a listener once, not per socket.
 */
export function createAnswer({ log, metrics }: { log: Logger; metrics: Metrics }) {
  const messages = metrics.counter({
    name: 'socket_messages_total',
    help: 'Messages that came from clients, by event',
    labels: ['event'],
  })
  return function answer<Schema extends TSchema, Answer extends object>(
    event: string,
    schema: Schema,
    work: (socket: ClientSocket, message: Static<Schema>) => Answer | Promise<Answer>,
  ): (this: ClientSocket, message: Static<Schema>, acknowledge: Acknowledge<Answer>) => void {
    const validator = Compile(schema)
    async function respond(
      socket: ClientSocket,
      message: unknown,
    ): Promise<Parameters<Acknowledge<Answer>>[0]> {
      try {
        if (!validator.Check(message)) throw platformErrors.validation_failed()
        return { ok: true, ...(await work(socket, message)) }
      } catch (error) {
        if (error instanceof AppError) return { ...error.extra, ok: false, code: error.code }
        log.error({ err: error, event }, 'socket event failed')
        return { ok: false, code: platformErrors.internal_error().code }
      }
    }
    return function listen(message, acknowledge) {
      messages.inc({ event })
      const done: unknown = acknowledge
      void respond(this, message).then((answer) => {
        if (typeof done === 'function') acknowledge(answer)
      })
    }
  }
}
